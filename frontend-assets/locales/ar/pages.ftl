in-title = تسجيل الدخول
in-email = البريد الإلكتروني
in-password = كلمة المرور
in-do = تسجيل الدخول
in-shared = على جهاز مشترك؟ يُرجى تسجيل الخروج عند المغادرة.
in-locked = تسجيل الدخول مغلق حتى
in-new-title = اختيار كلمة مرور خاصة
in-new-why = تم الدخول بكلمة مرور مؤقتة. يلزم اختيار كلمة خاصة قبل المتابعة.
in-new-password = كلمة المرور الجديدة
in-new-hint = 12 حرفًا على الأقل. يمكن استخدام عدة كلمات متتالية.
in-new-do = حفظ كلمة المرور
show-password = إظهار
hide-password = إخفاء
go-title = مغادرة Klarsvar
go-why = الرابط من تعليق، ولا يمكننا ضمان ما فيه. لن يعرف الموقع من أين جاءت الزيارة.
go-host = الموقع
go-address = العنوان
go-suspicious = يشبه العنوان موقعًا آخر. يُفتح عند الضرورة فقط.
go-do = فتح في تبويب جديد
go-back = العودة إلى التعليق
acc-standard = يلتزم Klarsvar بمعيار WCAG 2.2 بالمستوى AA. كل شيء متاح بلوحة المفاتيح وقارئ الشاشة والفأرة وشاشة اللمس.
acc-keys = يمكن إيقاف مفاتيح الاختصار أو نقلها إلى Alt من الملف الشخصي.
acc-tell = هل هناك ما يصعب استخدامه؟ يرجى إبلاغ المشرف كي نصلحه.
proposal-reply = رد؟
proposal-hide = إخفاء؟
proposal-unhide = إظهار من جديد؟
proposal-delete = حذف؟
proposal-private-reply = رد خاص؟
proposal-like = إعجاب؟
proposal-leave = تركه كما هو؟
proposal-duplicate = مطابق لتعليق آخر؟
proposal-escalate = سؤال
esc-title = ({ $count }) الأسئلة المرفوعة
esc-waiting =
    { $count ->
        [zero] لا أسئلة تنتظر
        [one] سؤال واحد ينتظر
        [two] سؤالان ينتظران
        [few] { $count } أسئلة تنتظر
        [many] { $count } سؤالًا ينتظر
       *[other] { $count } سؤال ينتظر
    }
esc-two = شخصان
esc-two-count =
    { $count ->
        [zero] لا شيء يتطلب شخصين
        [one] واحد يتطلب شخصين
        [two] اثنان يتطلبان شخصين
        [few] { $count } تتطلب شخصين
        [many] { $count } سؤالًا يتطلب شخصين
       *[other] { $count } سؤال يتطلب شخصين
    }
esc-from = من { $who }
esc-tabs = الاختيار
esc-tab-waiting = تنتظر
esc-tab-mine = أسئلتي
esc-tab-two = شخصان
esc-tab-done = محسومة
pane-esc = السؤال
back-esc = إلى القائمة
esc-none = يمكن اختيار سؤال من القائمة.
esc-question-from = سؤال من { $who }
esc-due = الرد قبل
esc-proposal = الاقتراح
esc-decision = القرار
esc-similar =
    { $count ->
        [zero] لا قرارات مشابهة
        [one] قرار مشابه واحد
        [two] قراران مشابهان
        [few] { $count } قرارات مشابهة
        [many] { $count } قرارًا مشابهًا
       *[other] { $count } قرار مشابه
    }
esc-decide = القرار الآن
esc-reason = السبب
esc-advice = نصيحة لصاحب السؤال
esc-advice-hint = تبدأ بما كان جيدًا. لا يراها إلا صاحب السؤال.
esc-approve = اعتماد الاقتراح
esc-return = إعادة مع نصيحة
esc-take-over = تولي التعليق
esc-overturn = إلغاء القرار
esc-change-open = تغيير القرار
esc-change = تغيير واعتماد
esc-outcome = النتيجة
esc-mode-own = بانتظار شخص آخر. لا يمكن لمقدم الاقتراح اعتماده.
esc-mode-done = حُسم السؤال.
esc-mode-read-only = القراءة متاحة دون اتخاذ قرار.
esc-resolved-approve = اعتُمد
esc-resolved-change = غُيّر واعتُمد
esc-resolved-return = أُعيد مع نصيحة
esc-resolved-take-over = تم توليه
esc-resolved-overturn = أُلغي
load-title = الوضع الحالي
load-zone = الأوقات بتوقيت ستوكهولم.
load-read = قراءة الوضع بصوت
load-hours = الوارد في الساعة
load-hour = من الساعة
tile-ok = متوازن
tile-watch = يحتاج إلى متابعة
tile-act = يحتاج إلى إجراء
tile-idle = هادئ
tile-backlog = ينتظر
tile-oldest = الأقدم
tile-arrivals = وارد في الدقيقة
tile-near = قرب المهلة
tile-on = في المناوبة
tile-of = من
tile-updated = آخر تحديث
tile-open = عرض القائمة
tile-missing =
    { $count ->
        [zero] لا ينقص أحد
        [one] ينقص شخص واحد
        [two] ينقص شخصان
        [few] ينقص { $count } أشخاص
        [many] ينقص { $count } شخصًا
       *[other] ينقص { $count } شخص
    }
tile-hold = لحفظ مدة الرد:
tile-level = لإنهاء المتراكم الساعة
tile-no-need = لا يمكن حساب العدد المطلوب الآن.
tile-why = لماذا؟
tile-call-in = استدعاء
load-ahead = التوقع والمناوبات، 8 ساعات
load-ahead-hint = التعليقات المتوقعة في الساعة، وبين قوسين المدى في أربع حالات من خمس. ثم عدد المخطط لهم من العدد المطلوب.
load-people = أشخاص
load-unknown = لا يوجد توقع
chart-peak = أكثر ما يُتوقع في الساعة:
chart-at = الساعة
chart-hint = الأعمدة: ما وصل في الساعات الأخيرة. الخط والنطاق: التوقع، ويقع في أربع حالات من خمس داخل النطاق الفاتح. الخط العمودي هو الآن.
waves-title = الموجات الآن
waves-none = لا توجد موجة الآن.
wave-times = مقارنة بالمعتاد:
wave-new = جديد هنا،
wave-came =
    { $count ->
        [zero] لا تعليقات
        [one] تعليق واحد
        [two] تعليقان
        [few] { $count } تعليقات
        [many] { $count } تعليقًا
       *[other] { $count } تعليق
    }
wave-reply = يوجد رد معتمد.
wave-no-reply = لا يوجد رد معتمد بهذه اللغة.
wave-templates = إلى القوالب
wave-examples = أمثلة محجوبة البيانات
need-title = العدد المطلوب من الموظفين
need-lanes = اللغات
need-now =
    { $count ->
        [zero] لا حاجة إلى أحد الآن.
        [one] المطلوب الآن شخص واحد.
        [two] المطلوب الآن شخصان.
        [few] المطلوب الآن { $count } أشخاص.
        [many] المطلوب الآن { $count } شخصًا.
       *[other] المطلوب الآن { $count } شخص.
    }
need-on = في المناوبة:
need-hold = لحفظ مدة الرد
need-hold-how = صيغة إرلانغ C: العدد الذي تبدأ به معالجة النسبة المختارة من التعليقات العاجلة في وقتها عندما تصل عشوائيًا.
need-level = لإنهاء المتراكم الساعة
need-level-short = لإنهاء المتراكم
need-level-how = ما ينتظر وما يُتوقع وصوله مقسومًا على الوقت المتبقي.
need-inputs = المعطيات
need-waiting = ينتظر الآن
need-handling = الوقت لكل تعليق
need-measured = عدد الحالات المقيسة
need-left-out = مستبعدة، مثل نافذة تُركت مفتوحة
need-urgent = نسبة العاجل
need-history = ساعات السجل
need-made = وقت إعداد التوقع
need-assumed = الافتراضات
need-target = النسبة في الوقت
need-within = تبدأ المعالجة خلال
need-shrinkage = وقت خارج القائمة: استراحات واجتماعات
need-sources = الصيغ: A. K. Erlang 1917؛ R. B. Cooper, Introduction to Queueing Theory, 1981. تُغيَّر الافتراضات في الإعدادات.
need-halves = نصف ساعة بعد نصف ساعة
need-expected = المتوقع
need-band = أربع حالات من خمس
need-needed = المطلوب
need-planned = المخطط
need-absurd = لا يمكن حساب العدد المطلوب بهذه الإعدادات. اطلب من مدير النظام مراجعة القسم need.
need-none = لا يوجد توقع حديث. يحتاج إلى تعليقات ساعة كاملة ويُعدّ خلال دقيقة من التشغيل؛ أعد تحميل الصفحة عندئذ.
shifts-title = مناوبات الأسبوع { $week }
shifts-weeks = الأسابيع
shifts-previous = الأسبوع السابق
shifts-next = الأسبوع التالي
shifts-mine = مناوبة اليوم:
shifts-now = في المناوبة الآن:
shifts-nobody = لا أحد
shifts-table = مناوبات الأسبوع
shifts-person = الشخص
shifts-plan = تخطيط مناوبة
shifts-start = البداية
shifts-end = النهاية
shifts-add = إضافة المناوبة
shifts-copy = نسخ من الأسبوع { $week }
shift-check-out = تسجيل الانصراف
shift-cancel = حذف المناوبة
shift-coverage = التغطية
shift-missing =
    { $count ->
        [zero] لا نقص
        [one] ينقص شخص واحد
        [two] ينقص شخصان
        [few] ينقص { $count } أشخاص
        [many] ينقص { $count } شخصًا
       *[other] ينقص { $count } شخص
    }
shift-enough = كافٍ
shift-state-planned = مقررة
shift-state-on = جارية
shift-state-ended = منتهية
shift-state-cancelled = محذوفة
shift-state-missed = لم تبدأ
shift-warning-rest = أقل من 11 ساعة راحة قبل المناوبة.
shift-warning-long = أكثر من 5 ساعات دون استراحة.
shift-warning-alone = شخص واحد فقط مساءً أو ليلًا.
checkin-title = تسجيل الحضور
checkin-planned = المناوبة المقررة:
checkin-unplanned = لا مناوبة مقررة الآن. يمكن البدء رغم ذلك.
checkin-lane = القائمة
checkin-handover = ملاحظات التسليم
checkin-no-handover = لا ملاحظات تسليم خلال آخر 24 ساعة.
checkin-read = قرأت ملاحظات التسليم
checkout-title = تسجيل الانصراف
checkout-claims =
    { $count ->
        [zero] لا تعليقات لديك
        [one] ما زال لديك تعليق واحد
        [two] ما زال لديك تعليقان
        [few] ما زالت لديك { $count } تعليقات
        [many] ما زال لديك { $count } تعليقًا
       *[other] ما زال لديك { $count } تعليق
    }
checkout-claims-go-back = تعود إلى القائمة عند تسجيل الانصراف، وتُحفظ المسودات.
checkout-draft = فيه مسودة
checkout-why = ملاحظات للمناوبة التالية. يؤكد الشخص التالي قراءتها.
checkout-going-on = ماذا يجري؟
checkout-waits = ماذا ينتظر؟
checkout-watch = ما الذي يحتاج إلى انتباه؟
templates-title = قوالب الردود
templates-find = البحث في الاسم والنص
templates-name = القالب
templates-answers = يجيب عن
templates-variants = اللغات
templates-used = الاستخدام في 30 يومًا
templates-reviewed = آخر مراجعة
templates-back = إلى قوالب الردود
tpl-outdated = قد يكون قديمًا
tpl-by = كتبه { $who }
tpl-did-submitted = قدّمه { $who }
tpl-did-reviewed = راجعه { $who }
tpl-did-approved = اعتمده { $who }
tpl-did-paused = أوقفه { $who }
tpl-did-retired = أنهاه { $who }
tpl-do-submit = تقديم للمراجعة
tpl-do-approve = اعتماد النص
tpl-do-pause = إيقاف الآن
tpl-do-retire = إنهاء القالب
tpl-second = يلزم أن يعتمد شخص آخر هذا النص.
tpl-expires = ينتهي
tpl-used =
    { $count ->
        [zero] لم يُستخدم خلال 30 يومًا
        [one] استُخدم مرة واحدة خلال 30 يومًا
        [two] استُخدم مرتين خلال 30 يومًا
        [few] استُخدم { $count } مرات خلال 30 يومًا
        [many] استُخدم { $count } مرة خلال 30 يومًا
       *[other] استُخدم { $count } مرة خلال 30 يومًا
    }
tpl-edit = كتابة نسخة جديدة
tpl-edit-hint = تُحفظ النسخة الجديدة مسودةً. يبقى النص المعتمد ساريًا حتى اعتماد الجديد.
tpl-short = النص القصير
tpl-long = النص الطويل
tpl-save = حفظ المسودة
tpl-facts = الحقائق والمصادر
tpl-versions = النسخ
people-title = الموظفون
people-pseudonym = الرمز
people-pseudonym-hint = يظهر للزملاء، مثل AR-1.
people-name = الاسم
people-name-hint = يظهر هنا فقط.
people-roles = الأدوار
people-lanes = القوائم
people-last = آخر دخول
people-do = الإجراءات
people-never = لم يدخل بعد
people-disabled = موقوف
people-enable = فتح الحساب
people-disable = إيقاف الحساب
people-reset = كلمة مرور جديدة
people-add = إضافة شخص
people-add-do = إضافة الشخص
people-password = كلمة المرور المؤقتة لـ { $who }:
people-password-once = تظهر هذه المرة فقط.
me-theme = المظهر
me-hint-theme = يسري على كل أجهزتك.
me-theme-auto = مثل الجهاز
me-theme-light = فاتح
me-theme-dark = داكن
me-density = الكثافة
me-hint-density = الصفوف المتقاربة تعرض المزيد في وقت واحد.
me-density-comfortable = متباعد
me-density-compact = متقارب
me-keys = مفاتيح الاختصار
me-hint-keys = يمكن إيقافها عند استخدام التحكم بالصوت.
me-keys-on = مفعّلة
me-keys-off = متوقفة
me-keys-alt = مع Alt
me-say = قراءة التعليقات الجديدة
me-hint-say = لقارئات الشاشة.
me-say-never = أبدًا
me-say-minute = مرة في الدقيقة على الأكثر
me-say-direct = مباشرة
me-digits = الأرقام بالعربية
me-hint-digits = يسري عندما تكون اللغة العربية.
me-digits-latn = 0123
me-digits-arab = ٠١٢٣
me-password = تغيير كلمة المرور
me-current = كلمة المرور الحالية
me-password-do = تغيير كلمة المرور
tbl-sample = المنتظر حسب القائمة
tbl-lane = القائمة
tbl-waiting = ينتظر
tpl-calmed = هدأت
tpl-repeated = تكررت
tpl-too-few =
    { $count ->
        [zero] البيانات عن النتيجة قليلة (لا سلاسل)
        [one] البيانات عن النتيجة قليلة (سلسلة واحدة)
        [two] البيانات عن النتيجة قليلة (سلسلتان)
        [few] البيانات عن النتيجة قليلة ({ $count } سلاسل)
        [many] البيانات عن النتيجة قليلة ({ $count } سلسلة)
       *[other] البيانات عن النتيجة قليلة ({ $count } سلسلة)
    }
