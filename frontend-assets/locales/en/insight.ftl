# Insight and reports

nav-insight = Insight
insight-title = What is being said
insight-filters = Narrow down
insight-days = Time
insight-days-1 = Today
insight-days-7 = 7 days
insight-days-30 = 30 days
insight-days-90 = 90 days
insight-days-365 = One year
insight-all = All
insight-show = Show
insight-csv = Download CSV
insight-lines = Over time
insight-lines-hint = All pictures have the same scale. The dashed line is the mean of the period before.
insight-day = Day
insight-none = Nothing of this came in during the time.
chart-table = Show as a table
few = < 5
change-new = New
within-later = more than a day
finding-nothing = No comments came in during the period.
finding-than-before = Change from the period before:
finding-none-before = None came in the period before.
finding-too-few = Too little data to compare.
finding-answered = of them have been answered.
finding-half = Half were decided within
finding-half-later = Half waited more than a day for a decision.
finding-rises = is rising:
finding-new = is new.
finding-mostly = { ", mostly in" }
finding-steady = No narrative rises by more than chance.
table-in-short = In short
table-narratives = Narratives
table-languages = Languages
table-platforms = Platforms
table-grid = Narrative and platform
table-stories = Stories that spread
table-waves = Waves
table-done = What was done
table-templates = Reply templates used
table-empty = Nothing to show.
column-figure = Figure
column-now = The period
column-before = The period before
column-change = Change
column-narrative = Narrative
column-language = Language
column-platform = Platform
column-arrived = Came in
column-urgent = Urgent
column-answered = Answered
column-hidden = Hidden or deleted
column-let-be = Let be
column-withdrawn = Gone from the platform
column-answered-share = Share answered
column-half-within = Half decided within (min)
column-story = Story
column-first = First seen
column-comments = Comments
column-accounts = Accounts
column-languages = Languages
column-lane = Lane
column-since = Began
column-until = Ended
column-times = Against the usual
column-act = Act
column-times-done = Number
column-escalated = Escalated
column-template = Reply template
column-times-used = Times used
csv-table = table
csv-row = row
csv-column = column
csv-value = value
story-suggested = suggestion
story-untitled = Story without a name
story-first = First seen
story-last = latest
story-burst = Many accounts in a short time
story-shape = Change the story
story-title = Name of the story
story-rename = Save the name
story-into = Merge into
story-merge = Merge
story-none = No story was told by several during the time.
report-title-week = Weekly brief
report-title-month = Monthly analysis
report-nav = Reports
report-last-week = Last week
report-last-month = Last month
report-before = Period before
report-after = Period after
report-made = Made
report-print = Print the page, or save it as a PDF from the print dialogue, to share it.
report-findings = Findings
report-limits = What the figures do not tell
limit-not-over = The period is not over. The figures will still change.
limit-tagged = Languages and narratives come from a model that people correct. Single comments can be tagged wrongly.
limit-several = A comment of several narratives counts in each of them.
limit-arrival = Comments are counted when they reach the desk, and as they are tagged today.
limit-few = Counts under five are not shown, so that nobody can be singled out.
within-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
finding-came =
    { $count ->
        [one] { $count } comment came in.
       *[other] { $count } comments came in.
    }
finding-waves =
    { $count ->
        [one] { $count } wave opened.
       *[other] { $count } waves opened.
    }
story-accounts =
    { $count ->
        [one] { $count } account
       *[other] { $count } accounts
    }
limit-blind =
    { $count ->
        [one] Once the desk did not see what came in on
       *[other] { $count } times the desk did not see what came in on
    }
column-calmed = Calmed
column-repeated = Repeated
insight-outcome-hint = Calmed: nobody wrote the same narrative in the thread within a day of the reply. Repeated: somebody did. Shown from 20 threads on; it says what followed, not what the reply caused.
