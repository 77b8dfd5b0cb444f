# Insight and reports

nav-insight = Analys
insight-title = Vad som sägs
insight-filters = Avgränsa
insight-days = Tid
insight-days-1 = I dag
insight-days-7 = 7 dygn
insight-days-30 = 30 dygn
insight-days-90 = 90 dygn
insight-days-365 = Ett år
insight-all = Alla
insight-show = Visa
insight-csv = Hämta CSV
insight-lines = Över tid
insight-lines-hint = Alla bilder har samma skala. Den streckade linjen är medelvärdet för perioden före.
insight-day = Dag
insight-none = Ingenting av detta har kommit in under tiden.
chart-table = Visa som tabell
few = < 5
change-new = Ny
within-later = mer än ett dygn
finding-nothing = Inga kommentarer kom in under perioden.
finding-than-before = Förändring mot perioden före:
finding-none-before = Perioden före kom inga.
finding-too-few = För lite data för att jämföra.
finding-answered = av dem har fått svar.
finding-half = Hälften avgjordes inom
finding-half-later = Hälften väntade mer än ett dygn på ett beslut.
finding-rises = ökar:
finding-new = är ny.
finding-mostly = { ", mest på" }
finding-steady = Ingen berättelse ökar mer än slumpen.
table-in-short = I korthet
table-narratives = Berättelser
table-languages = Språk
table-platforms = Plattformar
table-grid = Berättelse och plattform
table-stories = Historier som sprids
table-waves = Vågor
table-done = Vad som gjorts
table-templates = Svarsmallar som använts
table-empty = Inget att visa.
column-figure = Mått
column-now = Perioden
column-before = Perioden före
column-change = Förändring
column-narrative = Berättelse
column-language = Språk
column-platform = Plattform
column-arrived = Inkomna
column-urgent = Brådskande
column-answered = Besvarade
column-hidden = Dolda eller borttagna
column-let-be = Utan åtgärd
column-withdrawn = Borta från plattformen
column-answered-share = Andel besvarade
column-half-within = Hälften avgjorda inom (min)
column-story = Historia
column-first = Först sedd
column-comments = Kommentarer
column-accounts = Konton
column-languages = Antal språk
column-lane = Kö
column-since = Började
column-until = Slutade
column-times = Mot det vanliga
column-act = Åtgärd
column-times-done = Antal
column-escalated = Lyft till arbetsledare
column-template = Svarsmall
column-times-used = Gånger använd
csv-table = tabell
csv-row = rad
csv-column = kolumn
csv-value = värde
story-suggested = förslag
story-untitled = Historia utan namn
story-first = Först sedd
story-last = senast
story-burst = Många konton på kort tid
story-shape = Ändra historien
story-title = Namn på historien
story-rename = Spara namnet
story-into = Slå ihop med
story-merge = Slå ihop
story-none = Ingen historia har berättats av flera under tiden.
report-title-week = Veckorapport
report-title-month = Månadsanalys
report-nav = Rapporter
report-last-week = Förra veckan
report-last-month = Förra månaden
report-before = Perioden före
report-after = Perioden efter
report-made = Framtagen
report-print = Skriv ut sidan, eller spara den som PDF från utskriften, för att dela den.
report-findings = Det viktigaste
report-limits = Vad siffrorna inte säger
limit-not-over = Perioden är inte slut. Siffrorna ändras än.
limit-tagged = Språk och berättelser kommer från en modell som människor rättar. Enskilda kommentarer kan ha fel tagg.
limit-several = En kommentar med flera berättelser räknas i var och en av dem.
limit-arrival = Kommentarer räknas när de når desken, och som de är taggade i dag.
limit-few = Antal under fem visas inte, så att ingen kan pekas ut.
within-minutes =
    { $count ->
        [one] { $count } minut
       *[other] { $count } minuter
    }
finding-came =
    { $count ->
        [one] { $count } kommentar kom in.
       *[other] { $count } kommentarer kom in.
    }
finding-waves =
    { $count ->
        [one] { $count } våg öppnades.
       *[other] { $count } vågor öppnades.
    }
story-accounts =
    { $count ->
        [one] { $count } konto
       *[other] { $count } konton
    }
limit-blind =
    { $count ->
        [one] En gång såg desken inte vad som kom in på
       *[other] { $count } gånger såg desken inte vad som kom in på
    }
column-calmed = Lugnade
column-repeated = Upprepades
insight-outcome-hint = Lugnade: ingen skrev samma berättelse i tråden inom ett dygn efter svaret. Upprepades: någon gjorde det. Visas från 20 trådar, och säger vad som följde, inte vad svaret orsakade.
