in-title = Logga in
in-email = E-post
in-password = Lösenord
in-do = Logga in
in-shared = Delar du dator med andra? Logga ut när du går.
in-locked = Inloggningen är stängd till
in-new-title = Välj ett eget lösenord
in-new-why = Du loggade in med ett tillfälligt lösenord. Välj ett eget innan du fortsätter.
in-new-password = Nytt lösenord
in-new-hint = Minst 12 tecken. Flera ord i rad går bra.
in-new-do = Spara lösenordet
show-password = Visa
hide-password = Dölj
go-title = Du lämnar Klarsvar
go-why = Länken kommer från en kommentar. Vi kan inte svara för vad som finns där. Sidan får inte veta var du kommer ifrån.
go-host = Webbplats
go-address = Adress
go-suspicious = Adressen liknar en annan webbplats. Öppna den bara om du måste.
go-do = Öppna i ny flik
go-back = Tillbaka till kommentaren
acc-standard = Klarsvar ska följa WCAG 2.2 på nivå AA. Allt går att göra med tangentbord, skärmläsare, mus och pekskärm.
acc-keys = Snabbtangenter kan stängas av eller flyttas till Alt i din profil.
acc-tell = Är något svårt att använda? Berätta för din arbetsledare, så rättar vi det.
proposal-reply = Svara?
proposal-hide = Dölj?
proposal-unhide = Visa igen?
proposal-delete = Ta bort?
proposal-private-reply = Svara privat?
proposal-like = Gilla?
proposal-leave = Låt stå?
proposal-duplicate = Samma som en annan?
proposal-escalate = Fråga
esc-title = ({ $count }) Lyfta frågor
esc-waiting =
    { $count ->
        [0] Ingen fråga väntar
        [one] { $count } fråga väntar
       *[other] { $count } frågor väntar
    }
esc-two = Två personer
esc-two-count =
    { $count ->
        [one] { $count } kräver två personer
       *[other] { $count } kräver två personer
    }
esc-from = från { $who }
esc-tabs = Urval
esc-tab-waiting = Väntar
esc-tab-mine = Mina
esc-tab-two = Två personer
esc-tab-done = Avgjorda
pane-esc = Frågan
back-esc = Till listan
esc-none = Välj en fråga i listan.
esc-question-from = Fråga från { $who }
esc-due = svar senast
esc-proposal = Förslag
esc-decision = Beslut
esc-similar =
    { $count ->
        [one] { $count } liknande beslut
       *[other] { $count } liknande beslut
    }
esc-decide = Ditt beslut
esc-reason = Skäl
esc-advice = Råd till den som frågade
esc-advice-hint = Börja med det som var bra. Bara den som frågade ser rådet.
esc-approve = Godkänn förslaget
esc-return = Skicka tillbaka
esc-take-over = Ta över
esc-overturn = Upphäv
esc-change-open = Ändra beslutet
esc-change = Ändra och godkänn
esc-outcome = Avgjort
esc-mode-own = Väntar på en annan person. Du kan inte godkänna ditt eget förslag.
esc-mode-done = Frågan är avgjord.
esc-mode-read-only = Du kan läsa, men inte besluta.
esc-resolved-approve = Godkänt
esc-resolved-change = Ändrat och godkänt
esc-resolved-return = Tillbaka med råd
esc-resolved-take-over = Övertaget
esc-resolved-overturn = Upphävt
load-title = Läget
load-zone = Tider gäller Stockholm.
load-read = Läs upp läget
load-hours = Inflöde per timme
load-hour = Från
tile-ok = I balans
tile-watch = Håll koll
tile-act = Åtgärda
tile-idle = Lugnt
tile-backlog = Väntar
tile-oldest = Äldsta
tile-arrivals = In per minut
tile-near = Nära gräns
tile-on = På plats
tile-of = av
tile-updated = Uppdaterat
tile-open = Visa kön
tile-missing =
    { $count ->
        [one] { $count } person saknas
       *[other] { $count } personer saknas
    }
tile-hold = För svarstiden:
tile-level = Ikapp kl.
tile-no-need = Behovet kan inte räknas ut just nu.
tile-why = Varför?
tile-call-in = Ring in
load-ahead = Prognos och bemanning, 8 timmar
load-ahead-hint = Väntade kommentarer per timme, inom parentes spannet för fyra fall av fem. Sedan planerade av behövda personer.
load-people = personer
load-unknown = ingen prognos
chart-peak = Som mest väntas per timme
chart-at = kl.
chart-hint = Staplar: det som kom de senaste timmarna. Linje och band: prognosen, i fyra fall av fem inom det ljusa bandet. Det lodräta strecket är nu.
waves-title = Vågor just nu
waves-none = Ingen våg pågår.
wave-times = Mot det vanliga:
wave-new = Nytt här,
wave-came =
    { $count ->
        [one] { $count } kommentar
       *[other] { $count } kommentarer
    }
wave-reply = Godkänd mall finns.
wave-no-reply = Godkänd mall saknas på språket.
wave-templates = Till mallarna
wave-examples = Exempel, maskade
need-title = Behov av personal
need-lanes = Språk
need-now =
    { $count ->
        [one] { $count } person behövs nu.
       *[other] { $count } personer behövs nu.
    }
need-on = På plats:
need-hold = För att hålla svarstiden
need-hold-how = Erlang C: så många att den valda andelen brådskande kommentarer påbörjas i tid, när de kommer slumpvis.
need-level = För att vara ikapp
need-level-short = För att vara ikapp
need-level-how = Det som väntar och det som väntas komma, delat på tiden som är kvar.
need-inputs = Underlag
need-waiting = Väntar nu
need-handling = Tid per kommentar
need-measured = Mätt på så många ärenden
need-left-out = Undantagna, till exempel öppna flikar
need-urgent = Andel brådskande
need-history = Timmar av historik
need-made = Prognosen gjord
need-assumed = Antaganden
need-target = Andel i tid
need-within = Påbörjas inom
need-shrinkage = Tid utanför kön: raster, möten
need-sources = Formler: A. K. Erlang 1917; R. B. Cooper, Introduction to Queueing Theory, 1981. Antagandena ändras i inställningarna.
need-halves = Halvtimme för halvtimme
need-expected = Väntas in
need-band = Fyra fall av fem
need-needed = Behövs
need-planned = Planerade
need-absurd = Behovet går inte att räkna ut med inställningarna. Be administratören se över avsnittet need.
need-none = Det finns ingen färsk prognos. Den kräver en timmes kommentarer och görs inom en minut efter start; ladda om sidan då.
shifts-title = Arbetspass vecka { $week }
shifts-weeks = Veckor
shifts-previous = Förra veckan
shifts-next = Nästa vecka
shifts-mine = Ditt pass i dag:
shifts-now = På plats nu:
shifts-nobody = ingen
shifts-table = Veckans pass
shifts-person = Person
shifts-plan = Planera ett pass
shifts-start = Börjar
shifts-end = Slutar
shifts-add = Lägg till passet
shifts-copy = Kopiera från vecka { $week }
shift-check-out = Checka ut
shift-cancel = Ta bort passet
shift-coverage = Täckning
shift-missing =
    { $count ->
        [one] { $count } saknas
       *[other] { $count } saknas
    }
shift-enough = räcker
shift-state-planned = Planerat
shift-state-on = Pågår
shift-state-ended = Avslutat
shift-state-cancelled = Borttaget
shift-state-missed = Inte påbörjat
shift-warning-rest = Mindre än 11 timmars vila före passet.
shift-warning-long = Passet är längre än 5 timmar utan rast.
shift-warning-alone = Ensam på kvällen eller natten.
checkin-title = Checka in
checkin-planned = Planerat pass:
checkin-unplanned = Du har inget planerat pass nu. Det går bra att börja ändå.
checkin-lane = Kö
checkin-handover = Överlämning
checkin-no-handover = Ingen överlämning från det senaste dygnet.
checkin-read = Jag har läst överlämningen
checkout-title = Checka ut
checkout-claims =
    { $count ->
        [one] { $count } kommentar är fortfarande din
       *[other] { $count } kommentarer är fortfarande dina
    }
checkout-claims-go-back = De går tillbaka till kön när du checkar ut. Utkasten sparas.
checkout-draft = har utkast
checkout-why = Skriv till nästa pass. Nästa person bekräftar att den har läst.
checkout-going-on = Vad pågår?
checkout-waits = Vad väntar?
checkout-watch = Vad ska nästa hålla ögonen på?
templates-title = Svarsmallar
templates-find = Sök i namn och text
templates-name = Mall
templates-answers = Svarar på
templates-variants = Språk
templates-used = Använd 30 dagar
templates-reviewed = Granskad
templates-back = Till svarsmallarna
tpl-outdated = Kan vara inaktuell
tpl-by = Skriven av { $who }
tpl-did-submitted = inlämnad av { $who }
tpl-did-reviewed = granskad av { $who }
tpl-did-approved = godkänd av { $who }
tpl-did-paused = pausad av { $who }
tpl-did-retired = avslutad av { $who }
tpl-do-submit = Lämna för granskning
tpl-do-approve = Godkänn texten
tpl-do-pause = Pausa nu
tpl-do-retire = Avsluta mallen
tpl-second = En annan person behöver godkänna din text.
tpl-expires = går ut
tpl-used =
    { $count ->
        [one] använd { $count } gång på 30 dagar
       *[other] använd { $count } gånger på 30 dagar
    }
tpl-edit = Skriv en ny version
tpl-edit-hint = Den nya versionen blir ett utkast. Den godkända texten gäller tills den nya är godkänd.
tpl-short = Kort text
tpl-long = Lång text
tpl-save = Spara utkastet
tpl-facts = Fakta och källor
tpl-versions = Versioner
people-title = Personal
people-pseudonym = Signatur
people-pseudonym-hint = Visas för kollegor, till exempel AR-1.
people-name = Namn
people-name-hint = Visas bara här.
people-roles = Roller
people-lanes = Köer
people-last = Senast inne
people-do = Åtgärder
people-never = aldrig
people-disabled = Avstängd
people-enable = Öppna kontot
people-disable = Stäng kontot
people-reset = Nytt lösenord
people-add = Lägg till en person
people-add-do = Lägg till personen
people-password = Tillfälligt lösenord för { $who }:
people-password-once = Det visas bara den här gången.
me-theme = Utseende
me-hint-theme = Gäller på alla dina datorer.
me-theme-auto = Som datorn
me-theme-light = Ljust
me-theme-dark = Mörkt
me-density = Täthet
me-hint-density = Tätare rader visar mer på en gång.
me-density-comfortable = Luftigt
me-density-compact = Tätt
me-keys = Snabbtangenter
me-hint-keys = Stäng av om du använder röststyrning.
me-keys-on = På
me-keys-off = Av
me-keys-alt = Med Alt
me-say = Uppläsning av nya kommentarer
me-hint-say = Gäller skärmläsare.
me-say-never = Aldrig
me-say-minute = Högst en gång i minuten
me-say-direct = Direkt
me-digits = Siffror på arabiska
me-hint-digits = Gäller när språket är arabiska.
me-digits-latn = 0123
me-digits-arab = ٠١٢٣
me-password = Byt lösenord
me-current = Nuvarande lösenord
me-password-do = Byt lösenordet
tbl-sample = Väntar per kö
tbl-lane = Kö
tbl-waiting = Väntar
tpl-calmed = lugnade
tpl-repeated = upprepades
tpl-too-few =
    { $count ->
        [one] för lite data om utfallet ({ $count } tråd)
       *[other] för lite data om utfallet ({ $count } trådar)
    }
