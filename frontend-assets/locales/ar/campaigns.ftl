# Campaigns, their ads and materials.
nav-campaigns = الحملات
campaigns-title = الحملات
campaigns-none = لا توجد حملة بعد. أضف الأولى، أو دع النظام يقرأ الإعلانات من المنصات.
campaign-title = الحملة: { $name }
campaign-ads =
    { $count ->
        [zero] لا إعلانات
        [one] إعلان واحد
        [two] إعلانان
        [few] { $count } إعلانات
        [many] { $count } إعلانًا
       *[other] { $count } إعلان
    }
campaign-posts =
    { $count ->
        [zero] لا منشورات
        [one] منشور واحد
        [two] منشوران
        [few] { $count } منشورات
        [many] { $count } منشورًا
       *[other] { $count } منشور
    }
campaign-add = حملة جديدة
campaign-add-do = إضافة الحملة
campaign-name = الاسم
campaign-expected = الحمل المتوقع في الأيام السبعة القادمة
campaign-draws =
    { $count ->
        [zero] لا زيادة متوقعة في
        [one] يُتوقع تعليق إضافي واحد في الساعة في
        [two] يُتوقع تعليقان إضافيان في الساعة في
        [few] يُتوقع { $count } تعليقات إضافية في الساعة في
        [many] يُتوقع { $count } تعليقًا إضافيًا في الساعة في
       *[other] يُتوقع { $count } تعليق إضافي في الساعة في
    }
campaign-draws-none = لا يُتوقع من إعلانات لها بداية ونهاية ومدى وصول أن تجلب تعليقات أكثر من المعتاد، أو لا توجد توقعات بعد.
campaign-roster = فتح جدول المناوبات
campaign-ads-title = الإعلانات
campaign-ad = الإعلان
campaign-connector = الحساب
campaign-owner = المسؤول
campaign-reach = مدى الوصول (أشخاص)
campaign-starts = البداية
campaign-ends = النهاية
campaign-runs = جارٍ الآن
campaign-ad-add = إضافة إعلان أو تغييره
campaign-ad-hint = يُغيَّر الإعلان الذي له المعرّف نفسه. البداية والنهاية ومدى الوصول معًا: بها تعرف التوقعات متى يجلب الإعلان تعليقات.
campaign-ad-id = معرّف المنصة
campaign-ad-title = العنوان
campaign-ad-save = حفظ الإعلان
materials-title = المواد
materials-hint = أفلام ولافتات وصفحات يمكن أن تشير إليها الردود. اكتب الاسم في قالب رد فيظهر الرابط في الرد.
materials-none = لا توجد مواد بعد.
material-kind-film = فيلم
material-kind-banner = لافتة
material-kind-link = صفحة
material-retired = خارج الاستخدام منذ
material-slot = { "{{" }{ $name }{ "}}" }
material-uses =
    { $count ->
        [zero] لم يُشِر إليها أي رد
        [one] أشار إليها رد واحد
        [two] أشار إليها ردّان
        [few] أشارت إليها { $count } ردود
        [many] أشار إليها { $count } ردًا
       *[other] أشار إليها { $count } رد
    }
material-qr = تنزيل رمز QR
material-retire = إيقاف الاستخدام
material-add = إضافة مادة
material-add-do = إضافة المادة
material-title = العنوان
material-name = الاسم في القوالب
material-name-hint = حروف لاتينية صغيرة وأرقام و _، مثل film_utredning. يبقى الاسم لهذا الرابط دائمًا.
material-kind = النوع
material-link = الرابط
shift-drawn = الحملة
shift-per-hour =
    { $count ->
        [zero] +{ $count } في الساعة
        [one] +{ $count } في الساعة
        [two] +{ $count } في الساعة
        [few] +{ $count } في الساعة
        [many] +{ $count } في الساعة
       *[other] +{ $count } في الساعة
    }
