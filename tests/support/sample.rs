//! Comments handed in by a programme.

use serde_json::{Value, json};

use super::database::INGEST_TOKEN;
use super::{Answer, TestDesk};

/// A harmless Arabic question.
pub const ARABIC: &str = "وين أقرب ملجأ؟ أنا ساكن بمالمو وما بعرف لوين روح";
/// A harmless Swedish question.
pub const SWEDISH: &str = "Var hittar jag närmaste skyddsrum i Göteborg?";
/// A harmless English question.
pub const ENGLISH: &str = "Is there an English version of the brochure? My neighbours would like to read it.";

/// A comment as a programme hands it in.
pub fn handed(external_id: &str, text: &str) -> Value {
    json!({ "connector": "manual", "external_id": external_id, "text": text, "author": "Elin Exempel", "post": "p1" })
}

impl TestDesk {
    /// Hands in what is given with the programme's token.
    pub async fn hands_in(&self, body: &Value) -> Answer {
        self.hands_in_raw(body.to_string().into_bytes()).await
    }

    /// The same with bytes.
    pub async fn hands_in_raw(&self, body: Vec<u8>) -> Answer {
        self.sends(|http, url| {
            http.post(format!("{url}/api/v1/comments"))
                .bearer_auth(INGEST_TOKEN)
                .body(body)
        })
        .await
    }

    /// A new comment at the desk; gives its identifier.
    pub async fn has_comment(&self, external_id: &str, text: &str) -> String {
        let answer = self.hands_in(&handed(external_id, text)).await.json(201);
        answer["id"].as_str().expect("an identifier").to_owned()
    }

    /// Many new comments with this text, at once; gives their identifiers in order.
    pub async fn has_comments(&self, prefix: &str, count: usize, text: &str) -> Vec<String> {
        let numbers: Vec<usize> = (0..count).collect();
        let mut ids = Vec::new();
        for part in numbers.chunks(100) {
            let list: Vec<Value> = part
                .iter()
                .map(|number| handed(&format!("{prefix}-{number}"), &format!("{text} ({number})")))
                .collect();
            let answer = self.hands_in(&json!(list)).await.json(201);
            ids.extend(
                answer["comments"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|one| one["id"].as_str().expect("an identifier").to_owned()),
            );
        }
        assert_eq!(ids.len(), count);
        ids
    }
}
