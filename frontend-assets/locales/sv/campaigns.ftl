# Campaigns, their ads and materials.
nav-campaigns = Kampanjer
campaigns-title = Kampanjer
campaigns-none = Ingen kampanj finns än. Lägg till den första, eller låt systemet läsa in annonserna från plattformarna.
campaign-title = Kampanj: { $name }
campaign-ads =
    { $count ->
        [0] Inga annonser
        [one] { $count } annons
       *[other] { $count } annonser
    }
campaign-posts =
    { $count ->
        [0] inga inlägg
        [one] { $count } inlägg
       *[other] { $count } inlägg
    }
campaign-add = Ny kampanj
campaign-add-do = Lägg till kampanjen
campaign-name = Namn
campaign-expected = Väntad belastning de närmaste sju dygnen
campaign-draws =
    { $count ->
        [one] Väntas ge +{ $count } kommentar i timmen på
       *[other] Väntas ge +{ $count } kommentarer i timmen på
    }
campaign-draws-none = Inga annonser med start, slut och räckvidd väntas ge fler kommentarer än vanligt, eller så finns ingen prognos än.
campaign-roster = Öppna schemat
campaign-ads-title = Annonser
campaign-ad = Annons
campaign-connector = Konto
campaign-owner = Ansvarig
campaign-reach = Räckvidd (personer)
campaign-starts = Börjar
campaign-ends = Slutar
campaign-runs = Går nu
campaign-ad-add = Lägg till eller ändra en annons
campaign-ad-hint = En annons med samma id ändras. Start, slut och räckvidd hör ihop: med dem vet prognosen när annonsen drar kommentarer.
campaign-ad-id = Plattformens id
campaign-ad-title = Rubrik
campaign-ad-save = Spara annonsen
materials-title = Material
materials-hint = Filmer, banderoller och sidor som svaren kan peka på. Skriv namnet i en svarsmall, så står länken i svaret.
materials-none = Inget material finns än.
material-kind-film = Film
material-kind-banner = Banderoll
material-kind-link = Sida
material-retired = Används inte sedan
material-slot = { "{{" }{ $name }{ "}}" }
material-uses =
    { $count ->
        [0] Inget svar har pekat hit
        [one] { $count } svar har pekat hit
       *[other] { $count } svar har pekat hit
    }
material-qr = Hämta QR-koden
material-retire = Ta ur bruk
material-add = Lägg till material
material-add-do = Lägg till materialet
material-title = Rubrik
material-name = Namn i mallar
material-name-hint = Små bokstäver a–z, siffror och _, till exempel film_utredning. Namnet står för den här länken för alltid.
material-kind = Slag
material-link = Länk
shift-drawn = Kampanj
shift-per-hour =
    { $count ->
       *[other] +{ $count } i timmen
    }
