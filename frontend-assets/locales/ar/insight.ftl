# Insight and reports

nav-insight = التحليل
insight-title = ما الذي يُقال
insight-filters = تحديد النتائج
insight-days = المدة
insight-days-1 = اليوم
insight-days-7 = 7 أيام
insight-days-30 = 30 يومًا
insight-days-90 = 90 يومًا
insight-days-365 = سنة
insight-all = الكل
insight-show = عرض
insight-csv = تنزيل CSV
insight-lines = عبر الوقت
insight-lines-hint = لجميع الرسوم المقياس نفسه. الخط المتقطع هو متوسط الفترة السابقة.
insight-day = اليوم
insight-none = لم يرد شيء من هذا خلال المدة.
chart-table = العرض كجدول
few = أقل من 5
change-new = جديد
within-later = أكثر من يوم
finding-nothing = لم ترد تعليقات خلال الفترة.
finding-than-before = التغير مقارنة بالفترة السابقة:
finding-none-before = لم يرد أي تعليق في الفترة السابقة.
finding-too-few = البيانات أقل من أن تُقارن.
finding-answered = منها حصلت على رد.
finding-half = حُسم نصفها خلال
finding-half-later = انتظر نصفها أكثر من يوم حتى صدور قرار.
finding-rises = في ازدياد:
finding-new = ظهرت حديثًا.
finding-mostly = { "، أغلبها على" }
finding-steady = لا تزداد أي سردية أكثر مما تفسره المصادفة.
table-in-short = باختصار
table-narratives = السرديات
table-languages = اللغات
table-platforms = المنصات
table-grid = السردية والمنصة
table-stories = القصص المتداولة
table-waves = الموجات
table-done = ما الذي تم
table-templates = قوالب الرد المستخدمة
table-empty = لا شيء للعرض.
column-figure = المؤشر
column-now = الفترة
column-before = الفترة السابقة
column-change = التغير
column-narrative = السردية
column-language = اللغة
column-platform = المنصة
column-arrived = الواردة
column-urgent = العاجلة
column-answered = تم الرد عليها
column-hidden = المخفية أو المحذوفة
column-let-be = بلا إجراء
column-withdrawn = أُزيلت من المنصة
column-answered-share = نسبة الردود
column-half-within = حُسم نصفها خلال (دقيقة)
column-story = القصة
column-first = أول ظهور
column-comments = التعليقات
column-accounts = الحسابات
column-languages = عدد اللغات
column-lane = قائمة الانتظار
column-since = بدأت
column-until = انتهت
column-times = مقارنة بالمعتاد
column-act = الإجراء
column-times-done = العدد
column-escalated = رُفعت إلى المشرف
column-template = قالب الرد
column-times-used = مرات الاستخدام
csv-table = جدول
csv-row = صف
csv-column = عمود
csv-value = قيمة
story-suggested = اقتراح
story-untitled = قصة بلا اسم
story-first = أول ظهور
story-last = آخر ظهور
story-burst = حسابات كثيرة في وقت قصير
story-shape = تعديل القصة
story-title = اسم القصة
story-rename = حفظ الاسم
story-into = دمج مع
story-merge = دمج
story-none = لم تُروَ أي قصة من أكثر من شخص خلال المدة.
report-title-week = التقرير الأسبوعي
report-title-month = التحليل الشهري
report-nav = التقارير
report-last-week = الأسبوع الماضي
report-last-month = الشهر الماضي
report-before = الفترة السابقة
report-after = الفترة التالية
report-made = أُعد في
report-print = اطبع الصفحة أو احفظها بصيغة PDF من نافذة الطباعة لمشاركتها.
report-findings = أهم النتائج
report-limits = ما لا تقوله الأرقام
limit-not-over = لم تنته الفترة بعد، والأرقام ما زالت تتغير.
limit-tagged = اللغات والسرديات من نموذج يصححه أشخاص، وقد يكون وسم بعض التعليقات خاطئًا.
limit-several = التعليق الذي يحمل عدة سرديات يُحسب في كل منها.
limit-arrival = تُحسب التعليقات عند وصولها إلى النظام وبوسومها الحالية.
limit-few = لا تُعرض الأعداد الأقل من خمسة حتى لا يُعرف أحد.
within-minutes =
    { $count ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $count } دقائق
        [many] { $count } دقيقة
       *[other] { $count } دقيقة
    }
finding-came =
    { $count ->
        [zero] لم يرد أي تعليق.
        [one] ورد تعليق واحد.
        [two] ورد تعليقان.
        [few] وردت { $count } تعليقات.
        [many] ورد { $count } تعليقًا.
       *[other] ورد { $count } تعليق.
    }
finding-waves =
    { $count ->
        [zero] لم تبدأ أي موجة.
        [one] بدأت موجة واحدة.
        [two] بدأت موجتان.
        [few] بدأت { $count } موجات.
        [many] بدأت { $count } موجة.
       *[other] بدأت { $count } موجة.
    }
story-accounts =
    { $count ->
        [zero] لا حسابات
        [one] حساب واحد
        [two] حسابان
        [few] { $count } حسابات
        [many] { $count } حسابًا
       *[other] { $count } حساب
    }
limit-blind =
    { $count ->
        [zero] لم تنقطع الرؤية عن
        [one] مرة واحدة لم يرَ النظام ما ورد على
        [two] مرتين لم يرَ النظام ما ورد على
        [few] { $count } مرات لم يرَ النظام ما ورد على
        [many] { $count } مرة لم يرَ النظام ما ورد على
       *[other] { $count } مرة لم يرَ النظام ما ورد على
    }
column-calmed = هدأت
column-repeated = تكررت
insight-outcome-hint = هدأت: لم يكتب أحد السردية نفسها في السلسلة خلال يوم من الرد. تكررت: كتبها أحدهم. تظهر ابتداءً من 20 سلسلة، وهي تقول ما تلا الرد لا ما سببه.
