# Campaigns, their ads and materials.
nav-campaigns = Campaigns
campaigns-title = Campaigns
campaigns-none = There is no campaign yet. Add the first, or let the desk read the ads from the platforms.
campaign-title = Campaign: { $name }
campaign-ads =
    { $count ->
        [0] No ads
        [one] { $count } ad
       *[other] { $count } ads
    }
campaign-posts =
    { $count ->
        [0] no posts
        [one] { $count } post
       *[other] { $count } posts
    }
campaign-add = New campaign
campaign-add-do = Add the campaign
campaign-name = Name
campaign-expected = Expected load in the next seven days
campaign-draws =
    { $count ->
        [one] Expected to bring +{ $count } comment an hour in
       *[other] Expected to bring +{ $count } comments an hour in
    }
campaign-draws-none = No ads with start, end and reach are expected to bring more comments than usual, or there is no forecast yet.
campaign-roster = Open the roster
campaign-ads-title = Ads
campaign-ad = Ad
campaign-connector = Account
campaign-owner = Owner
campaign-reach = Reach (people)
campaign-starts = Starts
campaign-ends = Ends
campaign-runs = Running
campaign-ad-add = Add or change an ad
campaign-ad-hint = An ad with the same id is changed. Start, end and reach go together: with them the forecast knows when the ad draws comments.
campaign-ad-id = Platform's id
campaign-ad-title = Title
campaign-ad-save = Save the ad
materials-title = Materials
materials-hint = Films, banners and pages that replies can point to. Write the name in a reply template, and the link stands in the reply.
materials-none = There is no material yet.
material-kind-film = Film
material-kind-banner = Banner
material-kind-link = Page
material-retired = Not used since
material-slot = { "{{" }{ $name }{ "}}" }
material-uses =
    { $count ->
        [0] No reply has pointed here
        [one] { $count } reply has pointed here
       *[other] { $count } replies have pointed here
    }
material-qr = Get the QR code
material-retire = Take out of use
material-add = Add material
material-add-do = Add the material
material-title = Title
material-name = Name in templates
material-name-hint = Small letters a–z, digits and _, for example film_investigation. The name stands for this link for good.
material-kind = Kind
material-link = Link
shift-drawn = Campaign
shift-per-hour =
    { $count ->
       *[other] +{ $count } an hour
    }
