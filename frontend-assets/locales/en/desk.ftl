desk-title = ({ $count }) Queue – { $lane }
queue-title = Queue:
queue-waiting =
    { $count ->
        [0] None waiting
        [one] { $count } waiting
       *[other] { $count } waiting
    }
queue-near =
    { $count ->
        [one] { $count } near the time limit
       *[other] { $count } near the time limit
    }
next-do = Give me the next
filter-title = Filter
filter-lane = Queue
filter-state = State
filter-platform = Platform
filter-narrative = Narrative
filter-age = Waited
filter-do = Show
filter-clear = Clear the filter
pane-item = The comment
pane-reply = The reply
back-queue = To the queue
back-item = To the comment
reply-open = Reply
item-none = Choose a comment in the queue, or press Give me the next.
item-title = Comment { $ref }
item-withdrawn = The comment is removed on the platform. The text is kept here.
item-hidden = The comment is hidden on the platform.
item-edited = The author changed the text
item-before = It read before:
item-failed = { $platform } did not accept the action. The comment is open again.
taken-by = Claimed by { $who }
taken-by-you = Claimed by you
near-limit = Near the time limit
masked-label = Masked text:
copies =
    { $count ->
        [one] { $count } similar
       *[other] { $count } similar
    }
card-gone = The comment left the queue.
gone-claimed = Somebody else claimed the comment.
gone-decided = The comment is decided.
gone-escalated = The comment is escalated to a supervisor.
gone-withdrawn = The comment is removed on the platform.
gone-moved = The comment moved to another queue.
claim-do = Claim the comment
claim-mine = Claimed by you
claim-extend = Extend the time
claim-release = Release
claim-other = Claimed by { $who }
claim-not-checked-in = Check in to claim comments.
claim-escalated = Escalated to a supervisor
claim-decided = Decided:
claim-withdrawn = Removed on the platform. Nothing more to do.
claim-left = { $time } left
claim-soon = One minute left on the comment. Extend with Y.
claim-over = The time ran out. The comment is back in the queue. Your text is kept.
thread-title = Around the comment
thread-ours = Our reply
thread-current = the comment above
thread-more =
    { $count ->
        [one] { $count } more comment in the thread
       *[other] { $count } more comments in the thread
    }
why-title = Why
why-more = Source and certainty
why-none = No tags.
why-similar =
    { $count ->
        [one] like { $count } comment today
       *[other] like { $count } comments today
    }
why-author =
    { $earlier ->
        [0] First comment from the account
        [one] { $earlier } earlier comment from the account, { $answered } answered
       *[other] { $earlier } earlier comments from the account, { $answered } answered
    }
mask-sentence = This may be hard to read. Show it only if you need to.
mask-show = Show the text
mask-hide = Mask it again
post-ad = Ad
post-post = Post
post-campaign = Campaign:
post-open = Open on the platform
history-title = History
reply-title = Reply
reply-from = Template:
reply-text = Reply text
reply-preview = Preview
reply-send = Send reply
reply-taken = { $who } took over the comment. Your text is kept here.
reply-kept = The comment is no longer yours. Your text is kept here.
reply-yours = Your text
reply-copy = Copy the text
reply-mode-free = Claim the comment to reply.
reply-mode-other = Somebody else is answering this comment.
reply-mode-not-checked-in = Check in to reply.
reply-mode-escalated = A supervisor decides on the comment.
reply-mode-decided = The comment is decided.
reply-mode-withdrawn = The comment is removed. It cannot be answered.
reply-mode-read-only = You can read, but not reply.
pick-title = Suggestions
pick-none = No approved template fits. Find a template or escalate the question.
pick-find = Find a template
chars =
    { $count ->
        [one] { $count } character
       *[other] { $count } characters
    }
template-inserted = The template is inserted
draft-saved = Draft saved { $time }
draft-saved-at = Draft saved
draft-local = The draft is saved in this browser
draft-restored = Your text is restored
length-near = Soon too long
preview-title = How the reply looks on { $platform }
ends-label = Other decisions
leave-do = No reply needed
leave-why = Why is no reply needed?
leave-no-question = No question to answer
leave-answered = Already answered in the thread
leave-quarrel = Only wants a quarrel
leave-off-topic = Off topic
leave-support = Support or thanks
hide-do = Hide comment
hide-hint = The text is stored first. To disagree is no ground.
hide-not-offered = On this platform nobody can hide what others write.
hide-only-author-sees = Afterwards only the author sees it.
hide-author-and-friends-still-see = The author and the author’s friends still see it.
hide-author-still-sees = The author still sees it.
hide-held-for-review = It is held for review, and the public no longer sees it.
hide-behind-a-click = It is put behind a click, and everybody can still read it.
hide-by-hand = Somebody does it by hand on the platform.
hide-ground = Ground
hide-reason = Why does the ground apply?
escalate-do = Escalate
escalate-question = Your question
escalate-proposal = Your proposal
escalate-ground = Ground, if you propose to hide
escalate-text = Reply text, if you propose a reply
more-ends = More decisions
tags-do = Correct the tags
tags-language = Language
tags-narratives = Narratives
tags-classes = Kind
tags-flags = Urgent
tags-intent = Intent
tags-save = Save the tags
undo-do = Undo
undo-left = { $seconds } s left
outbox-because = Reason:
outbox-again = We try again at
outbox-retry = Try now
outbox-ask = We cannot see whether it arrived. Look on the platform: is it there?
outbox-did = Yes, it is there
outbox-did-not = No, it is not
said-claimed = Comment { $ref } is claimed by { $who }.
said-yours = Comment { $ref } is yours.
said-released = Comment { $ref } is back in the queue.
said-sent = The reply to comment { $ref } is sent soon.
said-undone = The decision on comment { $ref } is undone.
said-extended = The time for comment { $ref } is extended.
said-escalated = Comment { $ref } is escalated to a supervisor.
said-decided = Comment { $ref } is decided.
said-tagged = The tags of comment { $ref } are saved.
said-failed = The reply to comment { $ref } could not be sent.
said-nothing-waits = Nothing waits in the queue right now.
said-saved = Saved.
