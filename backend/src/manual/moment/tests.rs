use super::*;

fn reading(order: Option<Order>) -> Reading {
    Reading {
        zone: chrono_tz::Europe::Stockholm,
        order,
        latest: "2026-12-31T00:00:00Z".parse().expect("an instant"),
    }
}

fn told(text: &str) -> Result<String, Untold> {
    reading(None).instant(text).map(|at| at.format("%FT%TZ").to_string())
}

#[test]
fn the_usual_ways_to_write_an_instant_are_read() {
    for text in [
        "2026-11-23T13:05:09Z",
        "2026-11-23T14:05:09+01:00",
        "2026-11-23T14:05:09.000+0100",
        "2026-11-23 13:05:09 UTC",
        "2026-11-23 13:05:09.25 UTC",
        "2026-11-23 15:05:09 CEST",
        "2026-11-23 14:05:09",
        "2026-11-23 14.05.09",
        "2026/11/23 14:05:09",
        "23/11/2026 14:05:09",
        "11/23/2026 2:05:09 PM",
        "11/23/26, 2:05:09 p.m.",
        "23.11.2026 14:05:09",
        "23-11-2026 kl. 14.05.09",
        "23 nov. 2026 14:05:09",
        "mån 23 november 2026 kl. 14:05:09",
        "Monday, November 23, 2026 at 2:05:09 PM",
        "Nov 23, 2026, 2:05:09 PM",
        "23 نوفمبر 2026 2:05:09 م",
        "٢٣/١١/٢٠٢٦ ١٤:٠٥:٠٩",
        "2026-11-23 14:05:09 GMT+1",
        "1795439109",
        "1795439109000",
        "46349,586909722",
        "\u{200E}23/11/2026, 14:05:09\u{200E}",
    ] {
        assert_eq!(told(text).as_deref(), Ok("2026-11-23T13:05:09Z"), "{text}");
    }
    assert_eq!(told("2026-11-23").as_deref(), Ok("2026-11-22T23:00:00Z"));
    assert_eq!(told("20260701").as_deref(), Ok("2026-06-30T22:00:00Z"));
    assert_eq!(told("12/12/2025 12:30 AM").as_deref(), Ok("2025-12-11T23:30:00Z"));
}

#[test]
fn day_or_month_first_is_asked_for_and_told_by_other_rows() {
    assert_eq!(told("03/04/2026"), Err(Untold::Ambiguous));
    let said = |order| {
        reading(Some(order))
            .instant("03/04/2026 12:00")
            .map(|at| at.format("%m-%d").to_string())
    };
    assert_eq!(said(Order::DayFirst).as_deref(), Ok("04-03"));
    assert_eq!(said(Order::MonthFirst).as_deref(), Ok("03-04"));
    assert_eq!(order_of("23/11/2026"), Some(Order::DayFirst));
    assert_eq!(order_of("11/23/2026 2:00 PM"), Some(Order::MonthFirst));
    assert_eq!(order_of("03/04/2026"), None);
    assert_eq!(order_of("2026-11-23"), None);
    assert_eq!(order_of("23.11.2026"), None);
}

#[test]
fn the_night_summer_time_begins_has_no_half_past_two_and_the_night_it_ends_has_the_first_of_two() {
    assert_eq!(told("2026-03-29 02:30"), Err(Untold::Skipped));
    assert_eq!(told("2026-03-29 03:30").as_deref(), Ok("2026-03-29T01:30:00Z"));
    assert_eq!(told("2026-10-25 02:30").as_deref(), Ok("2026-10-25T00:30:00Z"));
    assert_eq!(told("2026-10-25 03:30").as_deref(), Ok("2026-10-25T02:30:00Z"));
    assert_eq!(told("2026-10-25 02:30 +01:00").as_deref(), Ok("2026-10-25T01:30:00Z"));
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in [
        "",
        "yesterday",
        "2 v",
        "32/11/2026",
        "2026-13-01",
        "14:05",
        "2026-11-23 25:00",
        "23 smarch 2026",
        "2026-11-23 14:05 Mars/Olympus",
        "2026-11-23 13:05 PM",
        "99999999999999999999",
        "2026-11-23 14:05 +99:00",
        "1.2.3.4.5",
        "2026--11-23",
        "2026-11-23 14:05 GMT+1+1",
    ] {
        assert_eq!(told(text), Err(Untold::Form), "{text}");
    }
    for text in ["1999-12-31", "2027-06-01 12:00", "9999999999"] {
        assert_eq!(told(text), Err(Untold::Range), "{text}");
    }
}
