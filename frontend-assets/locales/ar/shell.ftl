skip-work = الانتقال إلى منطقة العمل
skip-reply = الانتقال إلى الرد
nav-label = القائمة الرئيسية
nav-desk = قائمة الانتظار
nav-esc = الأسئلة المرفوعة
nav-load = الوضع الحالي
nav-shifts = المناوبات
nav-templates = قوالب الردود
nav-people = الموظفون
nav-me = ملفي الشخصي
language-choice = اختيار اللغة
live-on = مباشر
live-off = غير مباشر
live-lost = لا اتصال بالخادم منذ { $time }. ما تتم كتابته محفوظ هنا، والمحاولة مستمرة.
live-offline = الجهاز غير متصل بالشبكة منذ { $time }. ما تتم كتابته محفوظ هنا.
live-back = تم التحديث
shift-on = في المناوبة:
shift-check-in = تسجيل الحضور
until = حتى
since = منذ
sign-out = تسجيل الخروج
outbox-label = ردود في طريقها إلى النشر
foot-accessibility = إتاحة الاستخدام للجميع
close = إغلاق
choose = الاختيار من القائمة
all = الكل
none = لا شيء
save = حفظ التغييرات
try-again = إعادة المحاولة
sending = جارٍ الإرسال …
copied = تم النسخ
back = رجوع
errors-title = هناك ما يحتاج إلى تصحيح
hold-new =
    { $count ->
        [zero] لا تعليقات جديدة
        [one] تعليق جديد واحد – عرض
        [two] تعليقان جديدان – عرض
        [few] { $count } تعليقات جديدة – عرض
        [many] { $count } تعليقًا جديدًا – عرض
       *[other] { $count } تعليق جديد – عرض
    }
say-new =
    { $count ->
        [zero] لا تعليقات جديدة في القائمة
        [one] تعليق جديد واحد في القائمة
        [two] تعليقان جديدان في القائمة
        [few] { $count } تعليقات جديدة في القائمة
        [many] { $count } تعليقًا جديدًا في القائمة
       *[other] { $count } تعليق جديد في القائمة
    }
palette-title = الأوامر
palette-find = البحث عن أمر
palette-none = لا أمر مطابق. يمكن تجربة كلمة أخرى.
keys-help = المفاتيح
keys-hint = لا تعمل المفاتيح أثناء الكتابة في حقل.
keys-change = تغييرها في الملف الشخصي
key-next = التعليق التالي
key-prev = التعليق السابق
key-open = فتح التعليق
key-claim = استلام التعليق، وإلا فالتالي في القائمة
key-release = إعادة التعليق إلى القائمة
key-extend = تمديد الوقت
key-reply = إلى حقل الرد
key-find = البحث عن قالب
key-pick = إدراج قالب
key-preview = معاينة
key-send = إرسال الرد
key-undo = التراجع عن الأخير
key-leave = لا حاجة إلى رد
key-hide = إخفاء التعليق
key-escalate = رفع إلى المشرف
key-wrong = تصحيح الوسوم
key-mask = إظهار النص أو حجبه
key-show = عرض التعليقات الجديدة
key-palette = كل الأوامر
key-pane = الجزء التالي من الصفحة
key-go = إلى القائمة، المرفوعة، الوضع، المناوبات، القوالب
key-help = هذه المساعدة
notice-saved = تم حفظ التغييرات.
notice-signed-out = تم تسجيل الخروج.
notice-sent = سيُرسل الرد بعد عشر ثوانٍ.
notice-undone = تم التراجع عن القرار. التعليق متاح من جديد.
notice-released = عاد التعليق إلى القائمة.
notice-checked-in = تم تسجيل الحضور.
notice-checked-out = تم تسجيل الانصراف. شكرًا على العمل اليوم.
notice-copied = تم نسخ مناوبات الأسبوع السابق، باستثناء ما انتهى وقته أو يتعارض مع مناوبة أخرى أو يخص شخصًا لم يعد يعمل في القائمة.
notice-nothing-waits = لا شيء ينتظر في القائمة الآن.
pager-label = صفحات أخرى
pager-next = عرض المزيد
search-do = بحث
empty-checked = آخر تحقق
empty-queue = لا تعليقات تنتظر في القائمة.
empty-other-lane = عرض قائمة أخرى
empty-escalations = لا أسئلة تنتظر قرارًا.
empty-templates = لا قوالب مطابقة للتصفية.
empty-clear-filter = عرض كل القوالب
empty-shifts = لا مناوبات مقررة هذا الأسبوع.
empty-people = لا أشخاص بعد. يمكن إضافة الأول أدناه.
break-start = بدء استراحة
bell-soon = تنتهي المناوبة
bell-goes-back = عندها تعود التعليقات إلى القائمة وتُحفظ المسودات.
bell-prolong = تمديد المناوبة
key-prolong = تمديد المناوبة قبيل نهايتها
notice-published = نُشر الأسبوع وأُبلغ كل من لديه مناوبة.
notice-prolonged = مُدّدت المناوبة.
notice-break-over = انتهت الاستراحة والمناوبة مستمرة.
