//! Hands the process's arguments, streams and environment to the library and exits with its code.

fn main() {}
