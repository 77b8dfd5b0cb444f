//! What came and what is expected, hour by hour, as coordinates of an SVG. The numbers stand in the table beside it.

use std::fmt::Write as _;

use serde::Serialize;

use crate::domain::lane::Lane;
use crate::forecast::Expected;

/// Width of an hour in the picture.
const HOUR: f64 = 20.0;
/// Where zero lies, from the top of the picture.
const BOTTOM: f64 = 98.0;
/// Height of the largest value.
const HEIGHT: f64 = 92.0;
/// Picture height per comment is never more than this many times the height of one in ten.
const LEAST_TOP: f64 = 10.0;

/// `parts/chart-ahead`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Chart {
    pub lane: Lane,
    pub width: String,
    pub bars: Vec<Bar>,
    pub band80: String,
    pub band50: String,
    pub mean: String,
    pub now: String,
    pub peak: i64,
    pub peak_at: i64,
}

/// What came in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Bar {
    pub x: String,
    pub y: String,
    pub height: String,
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The picture of a lane: `came` hour by hour, the last one being the present, and `expected` from the present hour on,
/// which begins at `now` (milliseconds). None without a forecast.
#[must_use]
pub fn chart(lane: Lane, came: &[i64], expected: &[Expected], now: i64) -> Option<Chart> {
    let came: Vec<f64> = came
        .iter()
        .map(|count| f64::from(u32::try_from(*count).unwrap_or(0)))
        .collect();
    let top = came
        .iter()
        .copied()
        .chain(expected.iter().map(|hour| hour.high80))
        .fold(LEAST_TOP, f64::max);
    let y = |value: f64| BOTTOM - value / top * HEIGHT;
    let first = number(came.len().saturating_sub(1));
    let x = |ahead: usize| (first + number(ahead) + 0.5) * HOUR;
    let line = |edge: fn(&Expected) -> f64| -> Vec<(f64, f64)> {
        let points = expected.iter().enumerate();
        points.map(|(ahead, hour)| (x(ahead), y(edge(hour)))).collect()
    };
    let band = |low: fn(&Expected) -> f64, high: fn(&Expected) -> f64| {
        let mut around = line(high);
        around.extend(line(low).into_iter().rev());
        points(&around)
    };
    let (at, peak) = expected
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.mean.total_cmp(&b.1.mean))?;
    let bar = |(nth, count): (usize, &f64)| Bar {
        x: format!("{:.1}", number(nth) * HOUR + 3.0),
        y: format!("{:.1}", y(*count)),
        height: format!("{:.1}", BOTTOM - y(*count)),
    };
    Some(Chart {
        lane,
        width: format!("{:.0}", (first + number(expected.len())) * HOUR),
        bars: came.iter().enumerate().map(bar).collect(),
        band80: band(|hour| hour.low80, |hour| hour.high80),
        band50: band(|hour| hour.low50, |hour| hour.high50),
        mean: points(&line(|hour| hour.mean)),
        now: format!("{:.1}", (first + 0.5) * HOUR),
        peak: super::need::whole(peak.mean),
        peak_at: now + i64::try_from(at).unwrap_or(0) * super::load::HOUR_MS,
    })
}

/// `parts/chart-lines`: a line over time with what is usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Lines {
    pub width: String,
    pub line: String,
    pub usual: String,
}

/// The picture of `counts`, one after the other, where `top` is the highest value of all pictures beside it.
#[must_use]
pub fn lines(counts: &[i64], usual: f64, top: i64) -> Lines {
    let float = |count: i64| f64::from(u32::try_from(count).unwrap_or(0));
    let top = float(top).max(usual).max(LEAST_TOP);
    let y = |value: f64| BOTTOM - value / top * HEIGHT;
    let line: Vec<(f64, f64)> = counts
        .iter()
        .enumerate()
        .map(|(nth, count)| ((number(nth) + 0.5) * HOUR, y(float(*count))))
        .collect();
    Lines {
        width: format!("{:.0}", number(counts.len().max(1)) * HOUR),
        line: points(&line),
        usual: format!("{:.1}", y(usual)),
    }
}

fn points(all: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (x, y) in all {
        // Writing to a string cannot fail.
        let _ = write!(text, "{x:.1},{y:.1} ");
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::chart;
    use crate::domain::lane::Lane;
    use crate::forecast::Expected;

    fn expected(mean: f64) -> Expected {
        Expected {
            mean,
            low50: mean * 0.8,
            high50: mean * 1.2,
            low80: mean * 0.6,
            high80: mean * 1.5,
            drawn: 0.0,
        }
    }

    #[test]
    fn columns_begin_at_zero_and_nothing_leaves_the_picture() {
        let chart = chart(Lane::Ar, &[0, 30, 12], &[expected(20.0), expected(40.0)], 7_200_000).expect("a picture");
        assert_eq!(chart.width, "80");
        assert_eq!(
            (chart.bars[0].height.as_str(), chart.bars[0].y.as_str()),
            ("0.0", "98.0")
        );
        assert_eq!(chart.bars[1].height, "46.0", "30 of 60");
        assert_eq!((chart.peak, chart.peak_at), (40, 10_800_000));
        assert_eq!(chart.band80, "50.0,52.0 70.0,6.0 70.0,61.2 50.0,79.6");
        assert_eq!(chart.now, "50.0");
    }

    #[test]
    fn without_a_forecast_there_is_no_picture_and_silence_is_flat() {
        assert_eq!(chart(Lane::Sv, &[1, 2], &[], 0), None);
        let silent = chart(Lane::Sv, &[0], &[expected(0.0)], 0).expect("a picture");
        assert_eq!(silent.mean, "10.0,98.0");
    }
}
