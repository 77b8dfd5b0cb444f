//! With an encoder that is made here: a table of vectors, a row for each piece, and nothing after it.

use super::*;

const WORDS: [(&str, [f32; 3]); 8] = [
    ("<s>", [0.0; 3]),
    ("</s>", [0.0; 3]),
    ("<unk>", [0.0, 0.0, 0.1]),
    ("▁barn", [1.0, 0.1, 0.0]),
    ("▁child", [1.0, 0.0, 0.1]),
    ("▁طفل", [0.9, 0.1, 0.1]),
    ("▁ta", [0.0, 1.0, 0.0]),
    ("xi", [0.0, 1.0, 0.0]),
];

/// A field of a protocol buffer that holds bytes.
fn bytes(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = content.len();
    while length > 127 {
        field.push(u8::try_from(length % 128).unwrap() | 128);
        length /= 128;
    }
    field.push(u8::try_from(length).unwrap());
    field.extend_from_slice(content);
    field
}

/// A field that holds a small number.
fn number(number: u8, value: u8) -> Vec<u8> {
    vec![number << 3, value]
}

/// A name with the type of its elements and no shape.
fn value(name: &str, kind: u8) -> Vec<u8> {
    let tensor = bytes(1, &number(1, kind));
    [bytes(1, name.as_bytes()), bytes(2, &tensor)].concat()
}

/// `vectors[input_ids]` as an ONNX file (onnx.proto3: ModelProto 1, 7, 8; GraphProto 1, 2, 5, 11, 12).
fn onnx() -> Vec<u8> {
    let (float, int64) = (1, 7);
    let rows: Vec<u8> = WORDS
        .iter()
        .flat_map(|(_, row)| row)
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let table = [
        number(1, 8),
        number(1, 3),
        number(2, float),
        bytes(8, b"vectors"),
        bytes(9, &rows),
    ]
    .concat();
    let gather = [
        bytes(1, b"vectors"),
        bytes(1, b"input_ids"),
        bytes(2, b"out"),
        bytes(3, b"gather"),
        bytes(4, b"Gather"),
    ]
    .concat();
    let graph = [
        bytes(1, &gather),
        bytes(2, b"graph"),
        bytes(5, &table),
        bytes(11, &value("input_ids", int64)),
        bytes(12, &value("out", float)),
    ]
    .concat();
    [number(1, 8), bytes(7, &graph), bytes(8, &number(2, 13))].concat()
}

pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vocab: Vec<_> = WORDS.iter().map(|(piece, _)| (piece, -1.0)).collect();
    let tokenizer = serde_json::json!({"model": {"type": "Unigram", "unk_id": 2, "vocab": vocab}});
    std::fs::write(folder.path().join("tokenizer.json"), tokenizer.to_string()).unwrap();
    std::fs::write(folder.path().join("model.onnx"), onnx()).unwrap();
    folder
}

fn near(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[test]
fn texts_of_one_meaning_are_near_in_any_language_and_others_are_not() {
    let folder = folder();
    let encoder = Encoder::load(folder.path()).unwrap();
    assert_eq!(encoder.size(), 3);
    let [barn, child, arabic, taxi] = ["barn", "child", "طفل", "taxi"].map(|text| encoder.vector(text));
    assert!(near(&barn, &child) > 0.95 && near(&barn, &arabic) > 0.95);
    assert!(near(&barn, &taxi) < 0.3, "{}", near(&barn, &taxi));
    let length = near(&barn, &barn);
    assert!((length - 1.0).abs() < 1e-5, "{length}");
}

#[test]
fn the_likeliest_pieces_are_taken_and_unknown_letters_are_one() {
    let folder = folder();
    let json = std::fs::read(folder.path().join("tokenizer.json")).unwrap();
    let pieces = Pieces::read(&json).unwrap();
    assert_eq!(pieces.of("taxi  ｂａｒｎ", 8), [0, 6, 7, 3, 1]);
    assert_eq!(pieces.of("qqqq barn", 8), [0, 2, 3, 1]);
    assert_eq!(pieces.of("", 8), [0, 1]);
    assert_eq!(pieces.of(&"barn ".repeat(10_000), 4), [0, 3, 3, 3, 3, 1]);
}

/// Comments on children, which are the label's, and on other things; no word of English or Arabic among them.
fn labelled() -> Vec<train::Labelled> {
    let comments = (0..60).flat_map(|number| {
        [("barn", true), ("xi", false), ("taxi", false)].map(|(word, is)| train::Labelled {
            text: format!("{word} {word} {number}"),
            labels: if is {
                vec!["abuse-in-care".to_owned()]
            } else {
                Vec::new()
            },
            flags: Vec::new(),
        })
    });
    comments.collect()
}

#[test]
fn a_model_trained_with_an_encoder_knows_words_it_never_saw_and_refuses_to_be_used_without() {
    let folder = folder();
    let without = train::train(&labelled(), 1, "without", Vec::new()).unwrap();
    assert!(without.head().encoder.is_none());
    put_in_use(folder.path()).unwrap();
    let made = train::train(&labelled(), 1, "with-encoder", Vec::new()).unwrap();
    let label = made.label("abuse-in-care").unwrap();
    let said = |model: &Model, text: &str| crate::tagging::model_probabilities(model, text)[label];
    assert!(said(&made, "طفل") > said(&made, "ta ta") + 0.3);
    assert!(said(&without, "طفل") < said(&without, "barn") - 0.3);
    let bytes = made.write().unwrap();
    let again = train::train(&labelled(), 1, "with-encoder", Vec::new()).unwrap();
    assert_eq!(bytes, again.write().unwrap());
    std::fs::write(folder.path().join("narratives.bin"), &bytes).unwrap();
    put_model_in_use(folder.path()).unwrap();
    assert_eq!(crate::tagging::shipped().version(), "with-encoder");
    assert!(matches!(put_in_use(folder.path()), Err(Error::Twice)));

    let digest = in_use().unwrap().digest().to_owned();
    let other = String::from_utf8_lossy(&bytes).contains(&digest);
    assert!(other, "the head names the encoder");
    let foreign = replaced(&bytes, digest.as_bytes(), "0".repeat(digest.len()).as_bytes());
    let refused = Model::read(Cow::Owned(foreign));
    assert!(matches!(refused, Err(crate::tagging::model::Error::Encoder)));
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn hostile_texts_give_a_finite_vector() {
    let folder = folder();
    let encoder = Encoder::load(folder.path()).unwrap();
    for text in ["", "\u{202e}\u{0}", &"å".repeat(1_000_000), "🧿\u{fe0f}\u{200d}"] {
        let vector = encoder.vector(text);
        assert!(vector.len() == 3 && vector.iter().all(|value| value.is_finite()));
    }
}

#[test]
fn what_is_no_encoder_is_refused() {
    let folder = folder();
    std::fs::write(folder.path().join("tokenizer.json"), r#"{"model":{"type":"BPE"}}"#).unwrap();
    assert!(matches!(Encoder::load(folder.path()), Err(Error::Json(_))));
    std::fs::write(folder.path().join("model.onnx"), b"no model").unwrap();
    assert!(matches!(Encoder::load(folder.path()), Err(Error::Model(_))));
    std::fs::remove_file(folder.path().join("model.onnx")).unwrap();
    assert!(matches!(Encoder::load(folder.path()), Err(Error::File(..))));
}
