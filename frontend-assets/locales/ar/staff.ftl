# ما يخص الموظفين والمناوبات والقوالب والأسئلة المرفوعة إلى المشرف.
tpl-do-send-back = إعادة إلى الكاتب
tpl-do-resume = استخدام من جديد
tpl-valid-until = صالح للاستخدام حتى
tpl-note = ما ينبغي مراعاته عند المراجعة
error-template-empty = النص فارغ. يلزم نص في الطولين.
error-template-malformed = لا يمكن قراءة النص كقالب. يرجى التحقق من الأقواس:
error-template-unknown-slot = لا توجد في القالب خانة بهذا الاسم:
error-template-too-long = النص أطول من اللازم بعد ملء الخانات. عدد الأحرف الزائدة:
error-template-identity-number = يحتوي النص على رقم شخصي. يلزم حذفه.
error-template-expiry = يلزم تاريخ بعد اليوم. بعده تجب مراجعة النص من جديد.
error-taken = البريد الإلكتروني أو الاسم المستعار مستخدم من قبل. يلزم اختيار غيره.
error-last-admin = هذا آخر مسؤول. يجب منح الدور لشخص آخر أولًا.
error-password-wrong = كلمة المرور الحالية غير صحيحة. تُكتب من جديد.
error-password-unfit = لا يمكن استخدام كلمة المرور هذه. يلزم اختيار كلمة لا تشبه البريد الإلكتروني.
error-shift-overlap = لدى الشخص مناوبة أخرى في هذا الوقت. يلزم تغيير الوقت أو حذف المناوبة الأخرى.
error-nothing-to-copy = لا توجد مناوبة لنسخها: الأسبوع السابق فارغ أو مناوباته منسوخة من قبل أو انقضى وقتها.
error-wrong-lane = لا يعمل الشخص في هذه القائمة. يلزم اختيار قائمة أخرى أو شخص آخر.
error-handover-unread = تلزم قراءة ملاحظات التسليم وتأكيد قراءتها. ربما أُضيف جديد.
error-no-person = لم يعد الشخص موجودًا. يلزم اختيار شخص آخر.
error-not-possible = لا تسمح المنصة بذلك. يلزم اختيار قرار آخر.
people-change = تغيير الأدوار والقوائم
people-change-do = حفظ التغيير
shifts-hours = { $hours } ساعة
shifts-nobody-planned = لا أحد
break-on = هذه استراحة خارج الخدمة. عادت التعليقات إلى القائمة وحُفظت المسودات.
break-end = إنهاء الاستراحة
checkout-until = تنتهي المناوبة
checkout-rung = انتهت المناوبة وعادت التعليقات إلى القائمة. ما زال ممكنًا ترك ملاحظة للمناوبة التالية.
checkout-by-itself = ما يُكتب تلقائيًا
checkout-by-itself-why = هذه هي الحال الآن. تصل إلى المناوبة التالية كما تكون عند تسجيل الانصراف.
checkout-note = الملاحظة الشخصية
checkout-add-note = ترك الملاحظة
facts-at-bell = لم يُسجَّل الانصراف. كُتب هذا عند انتهاء المناوبة.
facts-returned = عاد إلى القائمة
facts-escalations = أسئلة مرفوعة تنتظر
facts-due = الرد قبل
facts-waves = موجات جارية
facts-templates = قوالب تغيّرت
facts-blind = قنوات لا تُرى
handover-read-by = قرأها
shift-draft = مسودة
shift-break = استراحة
shift-by-two = كل ساعتين
shift-state-absent = الشخص غائب ولا أحد يعمل هذه المناوبة.
shift-warning-severe = ثاني مناوبة متتالية في قائمة ثقيلة.
shift-warning-gone = لم يعد الشخص يعمل في هذه القائمة. يلزم حذف المناوبة أو تخطيط شخص آخر.
shifts-unstaffed = لا أحد يستطيع العمل في القائمة
shifts-unstaffed-do = يُطلب من مسؤول النظام إضافة القائمة إلى شخص.
shifts-publish =
    { $count ->
        [zero] لا شيء للنشر
        [one] نشر مناوبة واحدة
        [two] نشر مناوبتين
        [few] نشر { $count } مناوبات
        [many] نشر { $count } مناوبة
       *[other] نشر { $count } مناوبة
    }
shifts-publish-why = لا يرى المسودات إلا من يخطط. يُبلَّغ أصحاب المناوبات عند النشر.
shifts-days = الأيام
shifts-break-from = الاستراحة من (إن وُجدت)
shifts-break-to = الاستراحة إلى
exchange-title = تبادل المناوبات
exchange-asks = يطلب من
exchange-for = مقابل
exchange-state-asked = بانتظار الزميل
exchange-state-accepted = بانتظار من يخطط
exchange-accept = نعم، أعمل المناوبة
exchange-decline = لا
exchange-approve = الموافقة على التبادل
exchange-refuse = رفض التبادل
exchange-withdraw = سحب الطلب
exchange-none = لا تبادل ينتظر.
exchange-shift = مناوبتي
exchange-with = سؤال الزميل
exchange-in-return = مقابل
exchange-nothing = دون مقابل
exchange-ask = طلب التبادل
absence-title = الغياب
absence-away = غائب
absence-sick = مرض
absence-leave = إجازة
absence-why = السبب
absence-from = من
absence-to = إلى
absence-note = تسجيل الغياب
absence-ill = الإبلاغ عن مرض
absence-take-back = إلغاء الغياب
absence-none = لا غياب هذا الأسبوع.
absence-private = لا يرى السبب إلا الشخص نفسه ومن يخطط.
error-bad-break = يجب أن تقع الاستراحة داخل المناوبة وأن تنتهي بعد بدايتها. يلزم تصحيح الأوقات.
error-on-break = هذه استراحة. يلزم إنهاؤها أولًا.
error-no-break = لا استراحة الآن. يلزم تحديث الصفحة.
error-away = الشخص غائب في هذا الوقت. يلزم اختيار وقت أو شخص آخر أو إلغاء الغياب.
error-nothing-to-publish = كل ما في الأسبوع منشور. يلزم تخطيط مناوبة أولًا.
error-exchange-state = تغيرت حالة التبادل أو سُئل زميل من قبل. يلزم تحديث الصفحة.
