desk-title = ({ $count }) Kö – { $lane }
queue-title = Kö:
queue-waiting =
    { $count ->
        [0] Ingen väntar
        [one] { $count } väntar
       *[other] { $count } väntar
    }
queue-near =
    { $count ->
        [one] { $count } nära tidsgräns
       *[other] { $count } nära tidsgräns
    }
next-do = Ge mig nästa
filter-title = Filter
filter-lane = Kö
filter-state = Läge
filter-platform = Plattform
filter-narrative = Berättelse
filter-age = Väntat
filter-do = Visa
filter-clear = Ta bort filtret
pane-item = Kommentaren
pane-reply = Svaret
back-queue = Till kön
back-item = Till kommentaren
reply-open = Svara
item-none = Välj en kommentar i kön, eller tryck på Ge mig nästa.
item-title = Kommentar { $ref }
item-withdrawn = Kommentaren är borttagen på plattformen. Texten finns kvar här.
item-hidden = Kommentaren är dold på plattformen.
item-edited = Författaren ändrade texten
item-before = Så här löd den förut:
item-failed = { $platform } tog inte emot åtgärden. Kommentaren är öppen igen.
taken-by = Tagen av { $who }
taken-by-you = Tagen av dig
near-limit = Nära tidsgräns
masked-label = Dold text:
copies =
    { $count ->
        [one] { $count } liknande
       *[other] { $count } liknande
    }
card-gone = Kommentaren lämnade kön.
gone-claimed = Någon annan tog kommentaren.
gone-decided = Kommentaren är avgjord.
gone-escalated = Kommentaren är lyft till arbetsledare.
gone-withdrawn = Kommentaren är borttagen på plattformen.
gone-moved = Kommentaren flyttade till en annan kö.
claim-do = Ta kommentaren
claim-mine = Tagen av dig
claim-extend = Förläng tiden
claim-release = Släpp
claim-other = Tagen av { $who }
claim-not-checked-in = Checka in för att ta kommentarer.
claim-escalated = Lyft till arbetsledare
claim-decided = Avgjord:
claim-withdrawn = Borttagen på plattformen. Inget mer att göra.
claim-left = { $time } kvar
claim-soon = En minut kvar på kommentaren. Förläng med Y.
claim-over = Tiden gick ut. Kommentaren är tillbaka i kön. Din text finns kvar.
thread-title = Runt kommentaren
thread-ours = Vårt svar
thread-current = kommentaren ovan
thread-more =
    { $count ->
        [one] { $count } kommentar till i tråden
       *[other] { $count } kommentarer till i tråden
    }
why-title = Varför
why-more = Källa och säkerhet
why-none = Inga taggar.
why-similar =
    { $count ->
        [one] liknar { $count } kommentar i dag
       *[other] liknar { $count } kommentarer i dag
    }
why-author =
    { $earlier ->
        [0] Första kommentaren från kontot
        [one] { $earlier } tidigare kommentar från kontot, { $answered } besvarad
       *[other] { $earlier } tidigare kommentarer från kontot, { $answered } besvarade
    }
mask-sentence = Det här kan vara tungt att läsa. Visa bara om du behöver.
mask-show = Visa texten
mask-hide = Maskera igen
post-ad = Annons
post-post = Inlägg
post-campaign = Kampanj:
post-open = Öppna på plattformen
history-title = Historik
reply-title = Svar
reply-from = Mall:
reply-text = Svarstext
reply-preview = Förhandsgranska
reply-send = Skicka svaret
reply-taken = { $who } tog över kommentaren. Din text finns kvar här.
reply-kept = Kommentaren är inte längre din. Din text finns kvar här.
reply-yours = Din text
reply-copy = Kopiera texten
reply-mode-free = Ta kommentaren för att svara.
reply-mode-other = Någon annan svarar på den här kommentaren.
reply-mode-not-checked-in = Checka in för att svara.
reply-mode-escalated = En arbetsledare avgör kommentaren.
reply-mode-decided = Kommentaren är avgjord.
reply-mode-withdrawn = Kommentaren är borttagen. Den går inte att svara på.
reply-mode-read-only = Du kan läsa, men inte svara.
pick-title = Förslag
pick-none = Ingen godkänd mall passar. Sök en mall eller lyft frågan.
pick-find = Sök mall
chars =
    { $count ->
        [one] { $count } tecken
       *[other] { $count } tecken
    }
template-inserted = Mallen är infogad
draft-saved = Utkastet sparat { $time }
draft-saved-at = Utkastet sparat
draft-local = Utkastet är sparat i den här webbläsaren
draft-restored = Din text är återställd
length-near = Snart för långt
preview-title = Så här ser svaret ut på { $platform }
ends-label = Andra beslut
leave-do = Inget svar behövs
leave-why = Varför behövs inget svar?
leave-no-question = Ingen fråga att svara på
leave-answered = Redan besvarad i tråden
leave-quarrel = Söker bara gräl
leave-off-topic = Annat ämne
leave-support = Stöd eller tack
hide-do = Dölj kommentaren
hide-hint = Texten sparas först. Att tycka annorlunda är ingen grund.
hide-not-offered = På den här plattformen kan ingen dölja det andra skriver.
hide-only-author-sees = Efteråt ser bara författaren den.
hide-author-and-friends-still-see = Författaren och författarens vänner ser den fortfarande.
hide-author-still-sees = Författaren ser den fortfarande.
hide-held-for-review = Den hålls för granskning, och allmänheten ser den inte längre.
hide-behind-a-click = Den läggs bakom ett klick, och alla kan fortfarande läsa den.
hide-by-hand = Någon gör det för hand på plattformen.
hide-ground = Grund
hide-reason = Varför stämmer grunden?
escalate-do = Lyft till arbetsledare
escalate-question = Din fråga
escalate-proposal = Ditt förslag
escalate-ground = Grund, om du föreslår att dölja
escalate-text = Svarstext, om du föreslår ett svar
more-ends = Fler beslut
tags-do = Rätta taggarna
tags-language = Språk
tags-narratives = Berättelser
tags-classes = Slag
tags-flags = Brådskande
tags-intent = Avsikt
tags-save = Spara taggarna
undo-do = Ångra
undo-left = { $seconds } s kvar
outbox-because = Orsak:
outbox-again = Vi försöker igen
outbox-retry = Försök nu
outbox-ask = Vi kan inte se om det kom fram. Titta på plattformen: finns det där?
outbox-did = Ja, det finns där
outbox-did-not = Nej, det finns inte
said-claimed = Kommentar { $ref } är tagen av { $who }.
said-yours = Kommentar { $ref } är din.
said-released = Kommentar { $ref } är tillbaka i kön.
said-sent = Svaret på kommentar { $ref } skickas snart.
said-undone = Beslutet om kommentar { $ref } är ångrat.
said-extended = Tiden för kommentar { $ref } är förlängd.
said-escalated = Kommentar { $ref } är lyft till arbetsledare.
said-decided = Kommentar { $ref } är avgjord.
said-tagged = Taggarna för kommentar { $ref } är sparade.
said-failed = Svaret på kommentar { $ref } kunde inte skickas.
said-nothing-waits = Inget väntar i kön just nu.
said-saved = Sparat.
