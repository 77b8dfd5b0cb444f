# Comments and answers by hand.
nav-hand = يدوياً
hand-title = ردود تُنشر يدوياً
hand-hint = لا يمكن للمكتب الإرسال إلى هذه المنصات. انسخ النص وانشره في التطبيق ثم علّمه كمرسل.
hand-none = لا يوجد رد ينتظر النشر يدوياً.
hand-check-in = سجّل حضورك لرؤية ردود قوائمك.
hand-enter = إدخال التعليقات
hand-reply = الرد المطلوب نشره
hand-copy = نسخ النص
hand-done = تعليم كمرسل
hand-done-other = تعليم كمنفّذ
hand-not = لا يمكن ذلك – إعادة إلى القائمة
hand-link = فتح التعليق على المنصة
hand-decided-by = قرار
hand-gone = حُذف التعليق. لا تنشر الرد.
hand-changed = عدّل الكاتب التعليق بعد كتابة الرد.
hand-open = نشر الرد
enter-title = إدخال التعليقات
enter-hint = للتعليقات التي لا تصل تلقائياً، مثل تعليقات سناب شات. تذهب إلى قائمة لغتها مثل غيرها.
enter-back = ردود تُنشر يدوياً
enter-where = المنصة والإعلان
enter-ad-none = لا يوجد إعلان معروف
enter-handle = الكاتب (يمكن تركه فارغاً)
enter-at = الوقت (يمكن تركه فارغاً: الآن)
enter-at-hint = بتوقيت السويد
enter-text = التعليقات
enter-text-hint = ألصق تعليقاً أو أكثر. يفصل بينها سطر فارغ. يمكن أيضاً لصق جدول من جدول بيانات مع العناوين في السطر الأول. سطر فيه ‎@name فقط في الأعلى يحدد الكاتب.
enter-link = رابط التعليق (يمكن تركه فارغاً)
enter-screenshot = لقطة شاشة (يمكن تركها فارغة)
enter-screenshot-hint = مكان حفظ الصورة، مثل رقم السجل أو اسم الملف
enter-look = معاينة
enter-none = لا يوجد حساب لإدخال التعليقات. اطلب من مسؤول النظام إضافته.
enter-preview = { $count ->
    [zero] لا تعليقات للإضافة
    [one] تعليق واحد للإضافة
    [two] تعليقان للإضافة
    [few] { $count } تعليقات للإضافة
    [many] { $count } تعليقاً للإضافة
   *[other] { $count } تعليق للإضافة
}
enter-store = إضافة إلى القائمة
enter-change = تعديل
enter-take = إضافة
enter-known = موجود من قبل. ضع علامة إذا كان تعليقاً آخر بالكلمات نفسها.
enter-lane = القائمة المتوقعة
enter-line = السطر { $line }
error-enter-no-text = اكتب تعليقاً واحداً على الأقل.
error-enter-too-many = مئة تعليق كحد أقصى في كل مرة. أدخلها على أجزاء أو استورد ملفاً.
error-enter-bad-time = تعذرت قراءة الوقت. اكتبه هكذا: 2026-11-23 14:05.
error-enter-no-place = اختر منصة.
error-enter-wrong-word = الحد الأقصى للرابط والاسم ولقطة الشاشة 512 حرفاً.
enter-wrong = تعذرت قراءة السطر ولن يضاف.
entered-by = أدخله
entered-screenshot = لقطة الشاشة:
notice-entered = أُضيفت التعليقات.
notice-entered-none = لا تعليقات جديدة. كانت موجودة من قبل.
