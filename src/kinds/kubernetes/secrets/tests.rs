//! What is secret and what stands in the clear, by example.

use super::*;

/// The rule and place of what stands in the clear in a manifest.
fn doubts(text: &str) -> Vec<(&'static str, u32, u32)> {
    let place = |plain: &Plain| (plain.problem.rule, plain.problem.mark.line, plain.problem.mark.column);
    plain("x.yaml", text.as_bytes()).iter().map(place).collect()
}

fn secret(rest: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n{rest}")
}

#[test]
fn a_secret_in_the_clear_is_told_by_its_key_and_never_by_its_value() {
    let text = secret("data:\n  empty: ''\n  token: aHVudGVyMg==\n");
    assert_eq!(doubts(&text), [("plain-secret", 7, 3)]);
    let message = &plain("x.yaml", text.as_bytes())[0].problem.message;
    assert!(message.contains("`data.token`") && !message.contains("aHVudGVyMg"), "{message}");
    assert_eq!(doubts(&secret("stringData: {a: hunter2}\n")), [("plain-secret", 5, 14)]);
    assert_eq!(doubts(&secret("stringData:\n  a: |\n    hunter2\n")), [("plain-secret", 6, 3)]);
    assert_eq!(doubts(&secret("stringData:\n  pin: 1234\n")), [("plain-secret", 6, 3)]);
    // A file of settings that ends as it begins is no placeholder.
    assert_eq!(doubts(&secret("stringData: {a: '<s><p>hunter2</p></s>'}\n")).len(), 1);
    assert_eq!(doubts(&secret("stringData: {a: '${a}hunter2${b}'}\n")).len(), 1);
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        "apiVersion: v1\n  kind: Secret\n  data: {a: YQ==}\n"
    );
    assert_eq!(doubts(&list), [("plain-secret", 6, 10)]);
}

#[test]
fn a_secret_without_a_value_is_none() {
    for rest in [
        "type: kubernetes.io/service-account-token\n",
        "data: {}\n",
        "data:\n",
        "data:\n  token: ''\n  other:\n",
        "stringData:\n  a: ${PASSWORD}\n  b: '{{ .Values.password }}'\n  c: <path:secret/data/db#password>\n",
        "stringData: {{ .Values.all }}\n",
        "stringData: {a: ref+vault://secret/db#/password}\n",
    ] {
        assert_eq!(doubts(&secret(rest)), [], "{rest}");
    }
    let clear = secret("data: {a: YQ==}\n");
    for kind in ["SealedSecret", "ExternalSecret", "SecretStore", "ConfigMap"] {
        assert_eq!(doubts(&clear.replace(": Secret", &format!(": {kind}"))), [], "{kind}");
    }
    // One that says no version is a patch or a template; one of another group holds what its name says.
    assert_eq!(doubts(&clear.replace("apiVersion: v1\n", "")).len(), 1);
    assert_eq!(doubts(&clear.replace(": v1", ": a.io/v1")).len(), 1);
}

#[test]
fn what_sops_encrypted_is_not_in_the_clear() {
    let sealed = "data:\n  a: ENC[AES256_GCM,data:Zm9v,iv:YQ==,tag:YQ==,type:str]\n  b_unencrypted: YQ==\n";
    let seal = "sops:\n  mac: ENC[AES256_GCM,data:Zm9v,iv:YQ==,tag:YQ==,type:str]\n  version: 3.9.0\n";
    assert_eq!(doubts(&secret(&format!("{sealed}{seal}"))), []);
    assert_eq!(doubts(&secret(sealed)), [("plain-secret", 7, 3)], "nobody says that SOPS was here");
    let none = "data: {a: YQ==}\n";
    assert_eq!(doubts(&secret(&format!("{none}{seal}"))).len(), 1, "sealed, and nothing of it encrypted");
    assert_eq!(doubts(&secret("data: {a: YQ==}\nsops: {version: 3.9.0}\n")).len(), 1, "no mac");
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  stringData:\n    a: ENC[x]\n    \
                b: plain\n";
    assert_eq!(doubts(&format!("{list}{seal}")), [], "the seal of a list is that of its items");
}

#[test]
fn doubts_come_in_the_order_of_their_positions() {
    let text = secret("metadata2: |\n  -----BEGIN RSA PRIVATE KEY-----\nstringData:\n  a: b\n");
    assert_eq!(doubts(&text), [("private-key", 6, 3), ("plain-secret", 8, 3)]);
}

#[test]
fn positions_are_those_of_an_editor() {
    let key = "a\r\nb\rc\u{fc}: -----BEGIN PRIVATE KEY-----\n";
    assert_eq!(doubts(key), [("private-key", 3, 5)]);
    assert_eq!(doubts("a: b\nc: AKIAIOSFODNN7EXAMPLE\n"), [("token", 2, 4)]);
}

/// A template that YAML does not read, with these lines at its end.
fn template(rest: &str) -> String {
    format!("{{{{ if .x }}}}\nkind: Secret\nmetadata:\n  name: {{{{ .x }}}}\n{rest}{{{{ end }}}}\n")
}

#[test]
fn a_template_is_read_around_its_actions() {
    assert_eq!(doubts(&template("data:\n  a: {{ .a }}\n  b: aHVudGVyMg==\n")), [("plain-secret", 7, 3)]);
    assert_eq!(doubts(&template("  data:\n    a: 'b'\n")), [("plain-secret", 6, 5)]);
    assert_eq!(doubts(&template("stringData:\n  a: |\n    {{ .a }}\n    b\n")), [("plain-secret", 6, 3)]);
    let second = format!("a: b\n---\n{}", template("data: {a: b}\n"));
    assert_eq!(doubts(&second), [("plain-secret", 7, 8)]);
    for rest in [
        "",
        "data:\n",
        "data: {{ .all | toYaml }}\n",
        "data:\n  {{- toYaml .all | nindent 2 }}\n",
        "data:\n  {{- range .all }}\n  {{ .name }}: {{ .value | b64enc | quote }}\n  {{- end }}\n",
        "data:\n  {{ if .a }}\n  x: {{ .a }}\n  {{ else }}\n  x: {{ .b }}\n  {{ end }}\n",
        "data:\n  a: \"{{ .user }}:{{ .password }}\"\n",
        "stringData:\n  a: |\n    {{ .a }}\n",
    ] {
        assert_eq!(doubts(&template(rest)), [], "{rest}");
    }
    let values = "data:\n  a: b\n";
    let others = template(values).replace("kind: Secret", "kind: ConfigMap\nsecretRef: {kind: SecretStore}");
    assert_eq!(doubts(&others), []);
}

#[test]
fn what_says_that_it_is_a_secret_and_cannot_be_read_is_taken_for_one() {
    assert_eq!(doubts("{\"kind\":\"Secret\",\"data\":{\"a\":\"b\""), [("plain-secret", 1, 1)]);
    assert_eq!(doubts("kind: Secret\nx: [\ndata:\n  a: [\n"), [("plain-secret", 3, 1)]);
}

#[test]
fn a_secret_may_stand_within_others() {
    let object = "kind: Object\nspec:\n  manifest: {kind: Secret, data: {a: YQ==}}\n";
    assert_eq!(doubts(object), [("plain-secret", 3, 35)]);
    let listed = "kind: SecretList\nitems:\n- data: {a: YQ==}\n- data: {a: '${A}'}\n";
    assert_eq!(doubts(listed), [("plain-secret", 3, 10)]);
    let literals = "secretGenerator:\n- literals: [a=, 'b=${B}', 'c=\"<c>\"', d=x]\n";
    assert_eq!(doubts(literals), [("plain-secret", 2, 39)]);
    // Kustomize does not look at the case of its own fields.
    let lower = literals.replace("Generator", "generator");
    assert_eq!(plain("a/kustomization.yaml", lower.as_bytes()).len(), 1);
    let named = sources("a/kustomization.yaml", b"secretgenerator: [{envs: [b]}]\n");
    assert_eq!(named[0].path, "a/b");
    assert_eq!(doubts("kind: SecretGenerator\nliterals: [d=x]\n"), [("plain-secret", 2, 12)]);
    assert_eq!(doubts("a: &s {kind: Secret, data: {a: YQ==}}\nb: {<<: *s, data: {a: Yg==}}\n").len(), 2);
    // Texts in texts, as deep as anybody writes them, and deeper.
    let deep = (0..6).fold("kind: Secret\ndata: {a: YQ==}\n".to_owned(), |text, _| {
        format!("data:\n  x: |\n    {}\n", text.trim_end().replace('\n', "\n    "))
    });
    assert_eq!(doubts(&deep), []);
    let within = "data:\n  x: |\n    y: |\n      kind: Secret\n      data: {a: YQ==}\n";
    assert_eq!(doubts(within), [("plain-secret", 3, 5)], "where the text begins");
}

#[test]
fn hostile_texts_are_read_in_time() {
    let nested = (0..2000).map(|depth| " ".repeat(depth)).collect::<Vec<_>>().join("data:\n");
    doubts(&format!("kind: Secret\nx: [\n{nested}"));
    doubts(&format!("kind: Secret\n{}", "data: {{\n---\n".repeat(20_000)));
    doubts(&"{{ kind: Secret data: ".repeat(20_000));
}

#[test]
fn files_of_which_secrets_are_made_are_seen_from_their_directory() {
    let text = "secretGenerator:\n- envs: [a.env]\n  env: ../b\n  files: [c=d.txt, ../../e]\nconfigMapGenerator:\n- files: [f]\n";
    let named = sources("x/kustomization.yaml", text.as_bytes());
    assert_eq!(named.iter().map(|source| &*source.path).collect::<Vec<_>>(), ["x/d.txt", "x/a.env", "b"]);
    assert_eq!((named[0].mark.line, named[0].mark.column), (4, 11));
    for (file, expected) in [
        ("A=b\n", true),
        ("plain", true),
        ("\u{0}", true),
        ("# only this\nA=\nB=${B}\nC='{{ .c }}'\n\n", false),
        ("A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:y]\nb_unencrypted=c\n", false),
        ("{\"data\": \"ENC[AES256_GCM,data:x]\", \"sops\": {}}", false),
        ("age-encryption.org/v1\n-> X25519 x\n", false),
    ] {
        assert_eq!(is_clear(file.as_bytes()), expected, "{file}");
    }
}
