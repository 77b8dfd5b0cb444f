in-title = Sign in
in-email = E-mail
in-password = Password
in-do = Sign in
in-shared = Do you share the computer with others? Sign out when you leave.
in-locked = Sign-in is closed until
in-new-title = Choose a password of your own
in-new-why = You signed in with a temporary password. Choose your own before you go on.
in-new-password = New password
in-new-hint = At least 12 characters. Several words in a row are fine.
in-new-do = Save the password
show-password = Show
hide-password = Hide
go-title = You are leaving Klarsvar
go-why = The link comes from a comment. We cannot vouch for what is there. The site is not told where you come from.
go-host = Website
go-address = Address
go-suspicious = The address looks like another website. Open it only if you must.
go-do = Open in a new tab
go-back = Back to the comment
acc-standard = Klarsvar follows WCAG 2.2, level AA. Everything can be done by keyboard, screen reader, mouse and touch.
acc-keys = Shortcut keys can be turned off or moved to Alt in your profile.
acc-tell = Is something hard to use? Tell your supervisor, and we will mend it.
proposal-reply = Reply?
proposal-hide = Hide?
proposal-unhide = Show again?
proposal-delete = Remove?
proposal-private-reply = Reply in private?
proposal-like = Like?
proposal-leave = Let it stand?
proposal-duplicate = Same as another?
proposal-escalate = Question
esc-title = ({ $count }) Escalations
esc-waiting =
    { $count ->
        [0] No question waiting
        [one] { $count } question waiting
       *[other] { $count } questions waiting
    }
esc-two = Two people
esc-two-count =
    { $count ->
        [one] { $count } needs two people
       *[other] { $count } need two people
    }
esc-from = from { $who }
esc-tabs = Selection
esc-tab-waiting = Waiting
esc-tab-mine = Mine
esc-tab-two = Two people
esc-tab-done = Decided
pane-esc = The question
back-esc = To the list
esc-none = Choose a question in the list.
esc-question-from = Question from { $who }
esc-due = answer before
esc-proposal = Proposal
esc-decision = Decision
esc-similar =
    { $count ->
        [one] { $count } similar decision
       *[other] { $count } similar decisions
    }
esc-decide = Your decision
esc-reason = Reason
esc-advice = Advice to the person who asked
esc-advice-hint = Begin with what was good. Only the person who asked sees the advice.
esc-approve = Approve the proposal
esc-return = Send back
esc-take-over = Take over
esc-overturn = Overturn
esc-change-open = Change the decision
esc-change = Change and approve
esc-outcome = Outcome
esc-mode-own = Waits for another person. You cannot approve your own proposal.
esc-mode-done = The question is decided.
esc-mode-read-only = You can read, but not decide.
esc-resolved-approve = Approved
esc-resolved-change = Changed and approved
esc-resolved-return = Returned with advice
esc-resolved-take-over = Taken over
esc-resolved-overturn = Overturned
load-title = Load
load-zone = Times are Stockholm time.
load-read = Read the situation aloud
load-hours = Arrivals per hour
load-hour = From
tile-ok = In balance
tile-watch = Keep an eye on it
tile-act = Act
tile-idle = Quiet
tile-backlog = Waiting
tile-oldest = Oldest
tile-arrivals = In per minute
tile-near = Near the limit
tile-on = On shift
tile-of = of
tile-updated = Updated
tile-open = Show the queue
tile-missing =
    { $count ->
        [one] { $count } person missing
       *[other] { $count } people missing
    }
tile-hold = For the answering time:
tile-level = Level by
tile-no-need = The need cannot be calculated now.
tile-why = Why?
tile-call-in = Call in
load-ahead = Forecast and staffing, 8 hours
load-ahead-hint = Comments expected per hour, in brackets the range for four cases out of five. Then people planned of people needed.
load-people = people
load-unknown = no forecast
chart-peak = At most expected per hour:
chart-at = at
chart-hint = Columns: what came in the last hours. Line and band: the forecast, in four cases out of five within the light band. The upright line is now.
waves-title = Waves now
waves-none = No wave is on.
wave-times = Against the usual:
wave-new = New here,
wave-came =
    { $count ->
        [one] { $count } comment
       *[other] { $count } comments
    }
wave-reply = An approved reply is there.
wave-no-reply = No approved reply in this language.
wave-templates = To the templates
wave-examples = Examples, masked
need-title = Staff needed
need-lanes = Languages
need-now =
    { $count ->
        [one] { $count } person is needed now.
       *[other] { $count } people are needed now.
    }
need-on = On shift:
need-hold = To hold the answering time
need-hold-how = Erlang C: so many that the chosen share of urgent comments is begun in time when they come by chance.
need-level = To be level by
need-level-short = To be level
need-level-how = What waits and what is expected, over the time that is left.
need-inputs = Inputs
need-waiting = Waiting now
need-handling = Time for one comment
need-measured = Measured on so many claims
need-left-out = Left out, such as tabs left open
need-urgent = Share that is urgent
need-history = Hours of history
need-made = Forecast made
need-assumed = Assumptions
need-target = Share in time
need-within = To be begun within
need-shrinkage = Time away from the lane: breaks, meetings
need-sources = Formulas: A. K. Erlang 1917; R. B. Cooper, Introduction to Queueing Theory, 1981. The assumptions are changed in the settings.
need-halves = Half hour by half hour
need-expected = Expected
need-band = Four cases out of five
need-needed = Needed
need-planned = Planned
need-absurd = The need cannot be calculated with the settings. Ask your administrator to look at the section need.
need-none = There is no fresh forecast. It needs an hour of comments and is made within a minute of a start; reload the page then.
shifts-title = Shifts, week { $week }
shifts-weeks = Weeks
shifts-previous = Previous week
shifts-next = Next week
shifts-mine = Your shift today:
shifts-now = On shift now:
shifts-nobody = nobody
shifts-table = The week's shifts
shifts-person = Person
shifts-plan = Plan a shift
shifts-start = Starts
shifts-end = Ends
shifts-add = Add the shift
shifts-copy = Copy from week { $week }
shift-check-out = Check out
shift-cancel = Remove the shift
shift-coverage = Coverage
shift-missing =
    { $count ->
        [one] { $count } missing
       *[other] { $count } missing
    }
shift-enough = enough
shift-state-planned = Planned
shift-state-on = Under way
shift-state-ended = Ended
shift-state-cancelled = Removed
shift-state-missed = Not started
shift-warning-rest = Less than 11 hours of rest before the shift.
shift-warning-long = More than 5 hours without a break.
shift-warning-alone = Alone in the evening or night.
checkin-title = Check in
checkin-planned = Planned shift:
checkin-unplanned = You have no planned shift now. You can start anyway.
checkin-lane = Queue
checkin-handover = Handover
checkin-no-handover = No handover from the last 24 hours.
checkin-read = I have read the handover
checkout-title = Check out
checkout-claims =
    { $count ->
        [one] { $count } comment is still yours
       *[other] { $count } comments are still yours
    }
checkout-claims-go-back = They go back to the queue when you check out. Drafts are kept.
checkout-draft = has a draft
checkout-why = Write to the next shift. The next person confirms having read it.
checkout-going-on = What is going on?
checkout-waits = What waits?
checkout-watch = What should the next person watch?
templates-title = Reply templates
templates-find = Search names and texts
templates-name = Template
templates-answers = Answers
templates-variants = Languages
templates-used = Used in 30 days
templates-reviewed = Reviewed
templates-back = To the reply templates
tpl-outdated = May be outdated
tpl-by = Written by { $who }
tpl-did-submitted = submitted by { $who }
tpl-did-reviewed = reviewed by { $who }
tpl-did-approved = approved by { $who }
tpl-did-paused = paused by { $who }
tpl-did-retired = retired by { $who }
tpl-do-submit = Submit for review
tpl-do-approve = Approve the text
tpl-do-pause = Pause now
tpl-do-retire = Retire the template
tpl-second = Another person needs to approve your text.
tpl-expires = expires
tpl-used =
    { $count ->
        [one] used { $count } time in 30 days
       *[other] used { $count } times in 30 days
    }
tpl-edit = Write a new version
tpl-edit-hint = The new version becomes a draft. The approved text holds until the new one is approved.
tpl-short = Short text
tpl-long = Long text
tpl-save = Save the draft
tpl-facts = Facts and sources
tpl-versions = Versions
people-title = People
people-pseudonym = Signature
people-pseudonym-hint = Shown to colleagues, for example AR-1.
people-name = Name
people-name-hint = Shown only here.
people-roles = Roles
people-lanes = Queues
people-last = Last in
people-do = Actions
people-never = never
people-disabled = Closed
people-enable = Open the account
people-disable = Close the account
people-reset = New password
people-add = Add a person
people-add-do = Add the person
people-password = Temporary password for { $who }:
people-password-once = It is shown only this once.
me-theme = Appearance
me-hint-theme = Holds on all your computers.
me-theme-auto = As the computer
me-theme-light = Light
me-theme-dark = Dark
me-density = Density
me-hint-density = Tighter rows show more at a time.
me-density-comfortable = Comfortable
me-density-compact = Compact
me-keys = Shortcut keys
me-hint-keys = Turn them off if you use speech control.
me-keys-on = On
me-keys-off = Off
me-keys-alt = With Alt
me-say = Reading out new comments
me-hint-say = For screen readers.
me-say-never = Never
me-say-minute = At most once a minute
me-say-direct = Directly
me-digits = Digits in Arabic
me-hint-digits = Holds when the language is Arabic.
me-digits-latn = 0123
me-digits-arab = ٠١٢٣
me-password = Change password
me-current = Current password
me-password-do = Change the password
tbl-sample = Waiting by queue
tbl-lane = Queue
tbl-waiting = Waiting
tpl-calmed = calmed
tpl-repeated = repeated
tpl-too-few =
    { $count ->
        [one] too little data on the outcome ({ $count } thread)
       *[other] too little data on the outcome ({ $count } threads)
    }
