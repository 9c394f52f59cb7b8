//! Bytes from a connection into an upload: small ones in memory, others to the disk a batch at a time.

use std::ops::DerefMut;

use super::body::Arriving;
use super::reply::Refusal;
use super::routes::Ask;
use super::sessions::Begun;
use crate::oci::Name;

/// Bytes that are written at once.
const BATCH: usize = 128 * 1024;

/// Adds the rest of a body to an upload into a repository, at most so many bytes.
///
/// What came before a failure stays in the upload.
pub(super) async fn receive<B>(
    ask: &Ask,
    name: &Name,
    mut begun: B,
    body: &mut Arriving,
    most: u64,
    too_much: impl Fn() -> Refusal,
) -> Result<B, Refusal>
where
    B: DerefMut<Target = Begun> + Send + 'static,
{
    let mut left = most;
    let mut batch = Vec::new();
    while let Some(data) = body.next().await? {
        left = left.checked_sub(data.len() as u64).ok_or_else(&too_much)?;
        if batch.is_empty() && begun.upload.is_in_memory_with(data.len()) {
            begun.upload.append(&data)?;
            continue;
        }
        batch.extend_from_slice(&data);
        if batch.len() >= BATCH {
            begun = write(ask, name, begun, std::mem::take(&mut batch)).await?;
        }
    }
    if batch.is_empty() { Ok(begun) } else { write(ask, name, begun, batch).await }
}

async fn write<B>(ask: &Ask, name: &Name, mut begun: B, batch: Vec<u8>) -> Result<B, Refusal>
where
    B: DerefMut<Target = Begun> + Send + 'static,
{
    let name = name.clone();
    ask.with_shelf(move |shelf| {
        let Begun { upload, like } = &mut *begun;
        if upload.needs_file(batch.len()) {
            upload.move_to_file(&shelf.create(&name)?, like.as_ref())?;
        }
        upload.append(&batch)?;
        Ok(begun)
    })
    .await
}
