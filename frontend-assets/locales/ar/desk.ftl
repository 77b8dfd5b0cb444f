desk-title = ({ $count }) قائمة الانتظار – { $lane }
queue-title = قائمة الانتظار:
queue-waiting =
    { $count ->
        [zero] لا تعليقات تنتظر
        [one] تعليق واحد ينتظر
        [two] تعليقان ينتظران
        [few] { $count } تعليقات تنتظر
        [many] { $count } تعليقًا ينتظر
       *[other] { $count } تعليق ينتظر
    }
queue-near =
    { $count ->
        [zero] لا شيء قرب المهلة
        [one] واحد قرب المهلة
        [two] اثنان قرب المهلة
        [few] { $count } قرب المهلة
        [many] { $count } قرب المهلة
       *[other] { $count } قرب المهلة
    }
next-do = التعليق التالي
filter-title = تصفية
filter-lane = القائمة
filter-state = الحالة
filter-platform = المنصة
filter-narrative = السردية
filter-age = مدة الانتظار
filter-do = عرض
filter-clear = إزالة التصفية
pane-item = التعليق
pane-reply = الرد
back-queue = إلى قائمة الانتظار
back-item = إلى التعليق
reply-open = الرد
item-none = يمكن اختيار تعليق من القائمة أو الضغط على «التعليق التالي».
item-title = التعليق { $ref }
item-withdrawn = حُذف التعليق من المنصة. النص محفوظ هنا.
item-hidden = التعليق مخفي على المنصة.
item-edited = غيّر الكاتب النص
item-before = كان النص من قبل:
item-failed = لم تقبل منصة { $platform } الإجراء. التعليق متاح من جديد.
taken-by = استلمه { $who }
taken-by-you = لديك
near-limit = قرب المهلة
masked-label = نص محجوب:
copies =
    { $count ->
        [zero] لا مشابه
        [one] مشابه واحد
        [two] مشابهان
        [few] { $count } مشابهة
        [many] { $count } مشابهًا
       *[other] { $count } مشابه
    }
card-gone = غادر التعليق القائمة.
gone-claimed = استلم شخص آخر التعليق.
gone-decided = تم البت في التعليق.
gone-escalated = رُفع التعليق إلى المشرف.
gone-withdrawn = حُذف التعليق من المنصة.
gone-moved = انتقل التعليق إلى قائمة أخرى.
claim-do = استلام التعليق
claim-mine = التعليق لديك
claim-extend = تمديد الوقت
claim-release = إعادة إلى القائمة
claim-other = استلمه { $who }
claim-not-checked-in = يلزم تسجيل الحضور لاستلام التعليقات.
claim-escalated = مرفوع إلى المشرف
claim-decided = تم البت:
claim-withdrawn = حُذف من المنصة. لا شيء آخر للقيام به.
claim-left = بقي { $time }
claim-soon = بقيت دقيقة واحدة لهذا التعليق. التمديد بالمفتاح Y.
claim-over = انتهى الوقت وعاد التعليق إلى القائمة. النص المكتوب محفوظ.
thread-title = حول التعليق
thread-ours = ردنا
thread-current = التعليق أعلاه
thread-more =
    { $count ->
        [zero] لا تعليقات أخرى في السلسلة
        [one] تعليق آخر في السلسلة
        [two] تعليقان آخران في السلسلة
        [few] { $count } تعليقات أخرى في السلسلة
        [many] { $count } تعليقًا آخر في السلسلة
       *[other] { $count } تعليق آخر في السلسلة
    }
why-title = السبب
why-more = المصدر ودرجة الثقة
why-none = لا وسوم.
why-similar =
    { $count ->
        [zero] لا تعليقات مشابهة اليوم
        [one] يشبه تعليقًا واحدًا اليوم
        [two] يشبه تعليقين اليوم
        [few] يشبه { $count } تعليقات اليوم
        [many] يشبه { $count } تعليقًا اليوم
       *[other] يشبه { $count } تعليق اليوم
    }
why-author =
    { $earlier ->
        [zero] أول تعليق من هذا الحساب
        [one] تعليق سابق واحد من الحساب (أُجيب عن { $answered })
        [two] تعليقان سابقان من الحساب (أُجيب عن { $answered })
        [few] { $earlier } تعليقات سابقة من الحساب (أُجيب عن { $answered })
        [many] { $earlier } تعليقًا سابقًا من الحساب (أُجيب عن { $answered })
       *[other] { $earlier } تعليق سابق من الحساب (أُجيب عن { $answered })
    }
mask-sentence = قد تكون قراءة هذا النص ثقيلة. يُعرض عند الحاجة فقط.
mask-show = إظهار النص
mask-hide = حجب النص من جديد
post-ad = إعلان
post-post = منشور
post-campaign = الحملة:
post-open = فتح على المنصة
history-title = السجل
reply-title = الرد
reply-from = القالب:
reply-text = نص الرد
reply-preview = معاينة
reply-send = إرسال الرد
reply-taken = استلم { $who } التعليق. النص المكتوب محفوظ هنا.
reply-kept = لم يعد التعليق لديك. النص المكتوب محفوظ هنا.
reply-yours = النص المكتوب
reply-copy = نسخ النص
reply-mode-free = يلزم استلام التعليق للرد عليه.
reply-mode-other = شخص آخر يرد على هذا التعليق.
reply-mode-not-checked-in = يلزم تسجيل الحضور للرد.
reply-mode-escalated = القرار في هذا التعليق للمشرف.
reply-mode-decided = تم البت في التعليق.
reply-mode-withdrawn = حُذف التعليق ولا يمكن الرد عليه.
reply-mode-read-only = القراءة متاحة دون الرد.
pick-title = اقتراحات
pick-none = لا قالب معتمدًا مناسبًا. يمكن البحث عن قالب أو رفع السؤال.
pick-find = البحث عن قالب
chars =
    { $count ->
        [zero] بلا أحرف
        [one] حرف واحد
        [two] حرفان
        [few] { $count } أحرف
        [many] { $count } حرفًا
       *[other] { $count } حرف
    }
template-inserted = أُدرج القالب
draft-saved = حُفظت المسودة { $time }
draft-saved-at = حُفظت المسودة
draft-local = المسودة محفوظة في هذا المتصفح
draft-restored = استُعيد النص المكتوب
length-near = يقترب من الحد الأقصى
preview-title = شكل الرد على { $platform }
ends-label = قرارات أخرى
leave-do = لا حاجة إلى رد
leave-why = لماذا لا حاجة إلى رد؟
leave-no-question = لا سؤال للإجابة عنه
leave-answered = سبق الرد في السلسلة
leave-quarrel = يبحث عن جدال فقط
leave-off-topic = موضوع آخر
leave-support = دعم أو شكر
hide-do = إخفاء التعليق
hide-hint = يُحفظ النص أولًا. الاختلاف في الرأي ليس سببًا للإخفاء.
hide-not-offered = لا يمكن لأحد في هذه المنصة إخفاء ما يكتبه الآخرون.
hide-only-author-sees = بعد ذلك لا يراه إلا كاتبه.
hide-author-and-friends-still-see = يظل مرئيًا لكاتبه ولأصدقائه.
hide-author-still-sees = يظل مرئيًا لكاتبه.
hide-held-for-review = يُحجز للمراجعة ولا يراه الجمهور بعد ذلك.
hide-behind-a-click = يوضع خلف نقرة، ويمكن للجميع قراءته بعدها.
hide-by-hand = ينفذه أحد الموظفين يدويًا على المنصة.
hide-ground = الأساس
hide-reason = لماذا ينطبق هذا الأساس؟
escalate-do = رفع إلى المشرف
escalate-question = السؤال
escalate-proposal = الاقتراح
escalate-ground = الأساس عند اقتراح الإخفاء
escalate-text = نص الرد عند اقتراح رد
more-ends = قرارات إضافية
tags-do = تصحيح الوسوم
tags-language = اللغة
tags-narratives = السرديات
tags-classes = النوع
tags-flags = عاجل
tags-intent = القصد
tags-save = حفظ الوسوم
undo-do = تراجع
undo-left = بقي { $seconds } ث
outbox-because = السبب:
outbox-again = ستُعاد المحاولة
outbox-retry = المحاولة الآن
outbox-ask = لا يمكننا معرفة ما إذا وصل. هل يظهر على المنصة؟
outbox-did = نعم، يظهر هناك
outbox-did-not = لا، لا يظهر
said-claimed = استلم { $who } التعليق { $ref }.
said-yours = التعليق { $ref } لديك الآن.
said-released = عاد التعليق { $ref } إلى القائمة.
said-sent = سيُرسل الرد على التعليق { $ref } قريبًا.
said-undone = تم التراجع عن القرار في التعليق { $ref }.
said-extended = مُدد وقت التعليق { $ref }.
said-escalated = رُفع التعليق { $ref } إلى المشرف.
said-decided = تم البت في التعليق { $ref }.
said-tagged = حُفظت وسوم التعليق { $ref }.
said-failed = تعذر إرسال الرد على التعليق { $ref }.
said-nothing-waits = لا شيء ينتظر في القائمة الآن.
said-saved = تم الحفظ.
