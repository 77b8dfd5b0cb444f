//! The call budget as the platform tells it with every answer (`X-App-Usage`, `X-Business-Use-Case-Usage`,
//! `X-Ad-Account-Usage`).

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// How much of the budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Usage {
    /// Highest counter met, in percent; at 100 calls fail.
    pub percent: f64,
    /// How long until calls are let through again, where the platform says (it does in minutes).
    pub regain: Option<Duration>,
}

impl Usage {
    /// Background work slows down from here, so that moderators' own actions keep headroom.
    pub const SLOW_FROM: f64 = 75.0;

    /// Background work stops from here.
    pub const STOP_FROM: f64 = 90.0;

    /// How long background work pauses. What was used counts for an hour (Graph API, "Rate limits").
    #[must_use]
    pub fn pause(&self) -> Duration {
        let usual = if self.percent >= Self::STOP_FROM {
            15 * 60
        } else {
            5 * 60
        };
        self.regain.unwrap_or(Duration::from_secs(usual))
    }

    /// Reads the headers of an answer; what is missing or malformed counts as nothing.
    #[must_use]
    pub fn read(headers: &HeaderMap) -> Self {
        let json = |name: &str| {
            let text = headers.get(name)?.to_str().ok()?;
            serde_json::from_str::<Value>(text).ok()
        };
        let mut usage = Self::default();
        if let Some(app) = json("x-app-usage") {
            usage.count(&app);
        }
        if let Some(ads) = json("x-ad-account-usage") {
            usage.raise(ads["acc_id_util_pct"].as_f64());
        }
        if let Some(Value::Object(assets)) = json("x-business-use-case-usage") {
            for case in assets.values().filter_map(Value::as_array).flatten() {
                usage.count(case);
                let minutes = case["estimated_time_to_regain_access"].as_u64().unwrap_or(0);
                if minutes > 0 {
                    // A day is the longest window there is; more is nonsense.
                    let wait = Duration::from_secs(minutes.min(24 * 60) * 60);
                    usage.regain = usage.regain.max(Some(wait));
                }
            }
        }
        usage
    }

    fn count(&mut self, counters: &Value) {
        for name in ["call_count", "total_time", "total_cputime"] {
            self.raise(counters[name].as_f64());
        }
    }

    fn raise(&mut self, percent: Option<f64>) {
        self.percent = self.percent.max(percent.unwrap_or(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::graph::sample;

    fn of(platform: &str, file: &str) -> Usage {
        Usage::read(&sample::headers(&sample::json(platform, file)))
    }

    #[test]
    fn the_wait_and_the_highest_counter_come_from_the_headers() {
        let limited = of("facebook", "api/error_80001_business_limit.json");
        assert_eq!(
            limited,
            Usage {
                percent: 100.0,
                regain: Some(Duration::from_secs(17 * 60))
            }
        );
        let near = of("facebook", "api/usage_near_limit_ok.json");
        assert_eq!(
            near,
            Usage {
                percent: 91.0,
                regain: None
            }
        );
        assert!(near.percent > Usage::SLOW_FROM);
        let ads = of("facebook", "api/ads_list_ok.json");
        assert_eq!(
            ads,
            Usage {
                percent: 5.0,
                regain: None
            }
        );
    }

    #[test]
    fn malformed_headers_count_as_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert("x-app-usage", "{\"call_count\":\"many\"".parse().unwrap());
        headers.insert("x-business-use-case-usage", "[1,2]".parse().unwrap());
        assert_eq!(Usage::read(&headers), Usage::default());
    }
}
