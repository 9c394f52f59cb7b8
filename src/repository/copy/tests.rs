//! Copies between memories, with a destination that forgot what it was known to have.

use super::*;
use crate::oci::media_type;
use crate::repository::Memory;

fn manifest(layers: &[Descriptor]) -> Manifest {
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    let json = serde_json::json!({"schemaVersion": 2, "config": config, "layers": layers});
    Manifest::parse(json.to_string().into_bytes(), Some(media_type::MANIFEST)).unwrap()
}

fn bundle(repository: &Memory, bodies: &[&[u8]]) -> Manifest {
    let layers: Vec<_> = bodies.iter().map(|body| Descriptor::of("x", body)).collect();
    repository.put(&Descriptor::of(media_type::EMPTY, b"{}"), &b"{}".to_vec(), &[]).unwrap();
    for (layer, body) in layers.iter().zip(bodies) {
        repository.put(layer, &body.to_vec(), &[]).unwrap();
    }
    let manifest = manifest(&layers);
    repository.publish(&manifest, &["v1".parse().unwrap()], &Expect::Any).unwrap();
    manifest
}

fn order<'a>(manifest: &'a Manifest, tags: &'a [Tag], known: Known) -> Order<'a> {
    Order {
        manifest,
        children: None,
        tags,
        expect: Expect::Any,
        known,
        mounts: &[],
        join: None,
        concurrency: 4,
    }
}

#[test]
fn only_what_is_missing_moves() {
    let (from, to) = (Memory::default(), Memory::default());
    bundle(&to, &[b"a", b"b"]);
    let manifest = bundle(&from, &[b"a", b"b", b"cc", b"cc"]);
    let tags = ["v2".parse().unwrap()];
    let copied = copy(&from, &to, &order(&manifest, &tags, Known::Nothing), &()).unwrap();
    assert_eq!((copied.sent, copied.sent_bytes, copied.present), (1, 2, 3));
    assert_eq!(to.tags().unwrap().len(), 2);
}

/// Hears how many bytes are planned, and how many passed.
#[derive(Default)]
struct Listener(Mutex<(u64, u64)>);

impl Progress for Listener {
    fn report(&self, event: &Event) {
        let mut heard = self.0.lock().unwrap();
        match event {
            Event::Planned { bytes } => heard.0 += bytes,
            Event::Moved { bytes } => heard.1 += bytes,
        }
    }
}

#[test]
fn each_byte_passes_once_however_often_it_is_read() {
    let from = Memory::default();
    let manifest = bundle(&from, &[b"layer"]);
    let heard = Listener::default();
    copy(&from, &Memory::default(), &order(&manifest, &[], Known::Nothing), &heard).unwrap();
    assert_eq!(*heard.0.lock().unwrap(), (7, 7));

    let source =
        Source { from: &from, blob: &manifest.layers()[0], progress: &heard, told: AtomicU64::new(0) };
    let read = |count: usize| source.open().unwrap().read_exact(&mut vec![0; count]).unwrap();
    for (count, passed) in [(2, 9), (1, 9), (5, 12)] {
        read(count);
        assert_eq!(heard.0.lock().unwrap().1, passed);
    }
}

#[test]
fn what_was_known_wrongly_is_asked_for_and_sent_after_all() {
    let (from, to) = (Memory::default(), Memory::default());
    let manifest = bundle(&from, &[b"a", b"b"]);
    let tags = ["v1".parse().unwrap()];
    let wrong = Known::Manifests(vec![manifest.clone()]);
    let copied = copy(&from, &to, &order(&manifest, &tags, wrong), &()).unwrap();
    assert_eq!((copied.sent, copied.present), (3, 0));
    assert!(to.manifest(&Selector::Tag(tags[0].clone())).unwrap().is_some());
}

#[test]
fn an_index_comes_with_the_manifests_that_it_lists() {
    let (from, to) = (Memory::default(), Memory::default());
    let children = [bundle(&from, &[b"a"]), bundle(&from, &[b"b"])];
    let json = serde_json::json!({
        "schemaVersion": 2,
        "manifests": children.iter().map(Manifest::descriptor).collect::<Vec<_>>(),
    });
    let index = Manifest::parse(json.to_string().into_bytes(), Some(media_type::INDEX)).unwrap();
    from.publish(&index, &[], &Expect::Any).unwrap();
    let tags = ["all".parse().unwrap()];
    copy(&from, &to, &order(&index, &tags, Known::Empty), &()).unwrap();
    assert!(to.manifest(&Selector::Digest(children[1].digest().clone())).unwrap().is_some());
    assert!(to.manifest(&Selector::Tag(tags[0].clone())).unwrap().unwrap().is_index());

    for child in &children {
        from.remove(&Selector::Digest(child.digest().clone())).unwrap();
    }
    let read = Order { children: Some(&children), ..order(&index, &tags, Known::Empty) };
    copy(&from, &Memory::default(), &read, &()).expect("what was read already is not read again");
}

#[test]
fn an_index_of_more_bytes_than_are_kept_is_refused() {
    let from = Memory::default();
    from.put(&Descriptor::of(media_type::EMPTY, b"{}"), &b"{}".to_vec(), &[]).unwrap();
    let padding = "x".repeat(usize::try_from(LARGEST_MANIFEST).unwrap() - 1024);
    let child = |number: usize| {
        let config = Descriptor::of(media_type::EMPTY, b"{}");
        let json = format!(
            r#"{{"config":{},"annotations":{{"{number}":"{padding}"}}}}"#,
            serde_json::to_string(&config).unwrap()
        );
        let child = Manifest::parse(json.into_bytes(), Some(media_type::MANIFEST)).unwrap();
        from.publish(&child, &[], &Expect::Any).unwrap();
        child.descriptor()
    };
    let children: Vec<_> = (0..17).map(child).collect();
    let index = |children: &[Descriptor]| {
        let json = serde_json::json!({"schemaVersion": 2, "manifests": children});
        Manifest::parse(json.to_string().into_bytes(), Some(media_type::INDEX)).unwrap()
    };
    assert_eq!(below(&from, &index(&children[1..])).unwrap().len(), 16);
    let error = below(&from, &index(&children)).unwrap_err();
    assert!(error.kind == ErrorKind::Refused && error.what.contains("67108864 bytes"), "{error}");
}
