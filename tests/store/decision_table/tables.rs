//! The decision table, written down: who reads what, cell by cell. `y` is yes.
//!
//! | kind | what the words of a row say |
//! |---|---|
//! | resource | its visibility, or to whom it is granted · its state, `embargoed` until tomorrow or `lifted` today · its seal |
//! | goal, measure, observation, cycle | the visibility, of an observation its measure's · whose it is, or who is named in it |
//! | convening | its visibility, or `all` where no team convenes · its state, `dropped` where a draft was cancelled |
//! | attendance | whose · at a convening of the team, or of all |
//! | story | who told it, `of:nobody` an anonymous one of the maker's · the scope of the consent |
//! | mentorship | `maker` mentors `tied` · in the team, or in none |
//! | entry | what it is on · for all who read that, or for its author alone: `maker` |
//! | finding | the team it is about, if any · its state |
//! | membership | whose, in the team · whether the member opened it |

/// Who asks. Nobody but `maker` made anything; `team`, `facilitator` and `lead` are of the team.
pub const COLUMNS: &[&str] = &[
    "guest",       // not signed in
    "ended",       // was in the team and at the school, and left the community
    "invited",     // invited to the community, has not answered
    "observer",    // observes the community, nothing else
    "observing",   // observes the community, and is in the team
    "member",      // in no team, at no organization
    "above",       // at the county, above the district
    "at",          // at the district
    "under",       // at the school, below the district
    "former",      // at the district until yesterday
    "asked",       // invited to the team, has not answered
    "left",        // was in the team
    "team",        // in the team
    "facilitator", // facilitates the team's meetings
    "lead",        // leads the team
    "elsewhere",   // leads another team
    "convener",    // convenes the community
    "steward",     // stewards it
    "owner",       // owns it
    "host",        // the host itself
    "tied",        // is named in the record; in no team any more
    "maker",       // made the record; in no team any more
    "twin",        // is the maker, under another record that was merged
];

/// Resources: visibility or grant, state, seal.
pub const RESOURCES: &str = "
                                             g e i o o m a a u f a l t f l e c s o h t m t
                                             u n n b b e b t n o s e e a e l o t w o i a w
                                             e d v s s m o   d r k f a c a s n e n s e k i
    public        published     open         y y y y y y y y y y y y y y y y y y y y y y y
    public        published     sealed       y y y y y y y y y y y y y y y y y y y y y y y
    community     published     open         - - - - - y y y y y y y y y y y y y y y y y y
    community     published     sealed       - - - - - y y y y y y y y y y y y y y y y y y
    organization  published     open         - - - - - - - y y - - - - - - - y y y y - y y
    organization  published     sealed       - - - - - - - y y - - - - - - - - - - - - y y
    team          published     open         - - - - y - - - - - - - y y y - y y y y - y y
    team          published     sealed       - - - - y - - - - - - - y y y - - - - - - y y
    private       published     open         - - - - - - - - - - - - - - - - y y y y - y y
    private       published     sealed       - - - - - - - - - - - - - - - - - - - - - y y
    public        draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    public        draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    community     draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    community     draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    organization  draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    organization  draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    team          draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    team          draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    private       draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    private       draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    public        retired       open         y y y y y y y y y y y y y y y y y y y y y y y
    public        retired       sealed       y y y y y y y y y y y y y y y y y y y y y y y
    community     retired       open         - - - - - y y y y y y y y y y y y y y y y y y
    community     retired       sealed       - - - - - y y y y y y y y y y y y y y y y y y
    organization  retired       open         - - - - - - - y y - - - - - - - y y y y - y y
    organization  retired       sealed       - - - - - - - y y - - - - - - - - - - - - y y
    team          retired       open         - - - - y - - - - - - - y y y - y y y y - y y
    team          retired       sealed       - - - - y - - - - - - - y y y - - - - - - y y
    private       retired       open         - - - - - - - - - - - - - - - - y y y y - y y
    private       retired       sealed       - - - - - - - - - - - - - - - - - - - - - y y
    to:member     published     open         - - - - - y - - - - - - - - - - y y y y - y y
    to:member     published     sealed       - - - - - y - - - - - - - - - - - - - - - y y
    to:member     draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    to:member     draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    to:member     retired       sealed       - - - - - y - - - - - - - - - - - - - - - y y
    to:ended      published     open         - y - - - - - - - - - - - - - - y y y y - y y
    to:ended      published     sealed       - y - - - - - - - - - - - - - - - - - - - y y
    to:team       published     open         - - - - y - - - - - - - y y y - y y y y - y y
    to:team       published     sealed       - - - - y - - - - - - - y y y - - - - - - y y
    to:team       draft         open         - - - - - - - - - - - - - - y - y y y y - y y
    to:team       retired       open         - - - - y - - - - - - - y y y - y y y y - y y
    to:county     published     open         - - - - - - y y y - - - - - - - y y y y - y y
    to:county     published     sealed       - - - - - - y y y - - - - - - - - - - - - y y
    to:county     draft         sealed       - - - - - - - - - - - - - - - - - - - - - y y
    to:school     published     open         - - - - - - - - y - - - - - - - y y y y - y y
    to:school     retired       sealed       - - - - - - - - y - - - - - - - - - - - - y y
    public        in_review     open         - - - - - - - - - - - - - - y - y y y y - y y
    public        in_review     sealed       - - - - - - - - - - - - - - - - - - - - - y y
    public        embargoed     open         - - - - - - - - - - - - - - - - y y y y - y y
    public        embargoed     sealed       - - - - - - - - - - - - - - - - - - - - - y y
    team          embargoed     open         - - - - - - - - - - - - - - - - y y y y - y y
    to:member     embargoed     open         - - - - - - - - - - - - - - - - y y y y - y y
    public        lifted        open         y y y y y y y y y y y y y y y y y y y y y y y
    team          lifted        sealed       - - - - y - - - - - - - y y y - - - - - - y y
";

/// What describes the community, its people and its standards.
pub const DIRECTORY: &str = "
                                             g e i o o m a a u f a l t f l e c s o h t m t
                                             u n n b b e b t n o s e e a e l o t w o i a w
                                             e d v s s m o   d r k f a c a s n e n s e k i
    community     itself        -            y y y y y y y y y y y y y y y y y y y y y y y
    framework     any           -            y y y y y y y y y y y y y y y y y y y y y y y
    standard      any           -            y y y y y y y y y y y y y y y y y y y y y y y
    association   any           -            y y y y y y y y y y y y y y y y y y y y y y y
    organization  any           -            - - - - - y y y y y y y y y y y y y y y y y y
    team          any           -            - - - - - y y y y y y y y y y y y y y y y y y
    member        of:observer   -            - - - y - y y y y y y y y y y y y y y y y y y
    member        of:ended      -            - y - - - y y y y y y y y y y y y y y y y y y
    member        of:invited    -            - - y - - y y y y y y y y y y y y y y y y y y
    member        of:twin       -            - - - - - y y y y y y y y y y y y y y y y y y
    membership    of:asked      closed       - - - - y - - - - - y - y y y - y y y y - - -
    membership    of:ended      closed       - y - - y - - - - - - - y y y - y y y y - - -
    membership    of:left       closed       - - - - y - - - - - - y y y y - y y y y - - -
    membership    of:team       open         - - - - y y y y y y y y y y y y y y y y y y y
    membership    of:observing  closed       - - - - y - - - - - - - y y y - y y y y - - -
";

/// Goals, measures, their observations, and cycles.
pub const INQUIRY: &str = "
                                             g e i o o m a a u f a l t f l e c s o h t m t
                                             u n n b b e b t n o s e e a e l o t w o i a w
                                             e d v s s m o   d r k f a c a s n e n s e k i
    goal          public        of:team      y y y y y y y y y y y y y y y y y y y y y y y
    goal          community     of:team      - - - - - y y y y y y y y y y y y y y y y y y
    goal          organization  of:team      - - - - - - - y y - - - - - y - y y y y - y y
    goal          team          of:team      - - - - y - - - - - - - y y y - y y y y - y y
    goal          private       of:team      - - - - - - - - - - - - - - y - y y y y - y y
    goal          community     of:nobody    - - - - - y y y y y y y y y y y y y y y y y y
    goal          private       of:nobody    - - - - - - - - - - - - - - - - y y y y - - -
    measure       public        of:team      y y y y y y y y y y y y y y y y y y y y y y y
    measure       community     of:team      - - - - - y y y y y y y y y y y y y y y y y y
    measure       organization  of:team      - - - - - - - y y - - - - - y - y y y y - y y
    measure       team          of:team      - - - - y - - - - - - - y y y - y y y y - y y
    measure       private       of:team      - - - - - - - - - - - - - - y - y y y y - y y
    observation   public        of:team      y y y y y y y y y y y y y y y y y y y y y y y
    observation   community     of:team      - - - - - y y y y y y y y y y y y y y y y y y
    observation   organization  of:team      - - - - - - - y y - - - - - y - y y y y - y y
    observation   team          of:team      - - - - y - - - - - - - y y y - y y y y - y y
    observation   private       of:team      - - - - - - - - - - - - - - y - y y y y - y y
    cycle         public        plain        y y y y y y y y y y y y y y y y y y y y y y y
    cycle         community     plain        - - - - - y y y y y y y y y y y y y y y y y y
    cycle         organization  plain        - - - - - - - y y - - - - - y - y y y y - y y
    cycle         team          plain        - - - - y - - - - - - - y y y - y y y y - y y
    cycle         private       plain        - - - - - - - - - - - - - - y - y y y y - y y
    cycle         private       with:tied    - - - - - - - - - - - - - - y - y y y y y y y
    cycle         team          led:tied     - - - - y - - - - - - - y y y - y y y y y y y
";

/// Convenings, and who was there.
pub const GATHERINGS: &str = "
                                             g e i o o m a a u f a l t f l e c s o h t m t
                                             u n n b b e b t n o s e e a e l o t w o i a w
                                             e d v s s m o   d r k f a c a s n e n s e k i
    convening     public        draft        - - - - - - - - - - - - - y y - y y y y - y y
    convening     public        scheduled    y y y y y y y y y y y y y y y y y y y y y y y
    convening     community     draft        - - - - - - - - - - - - - y y - y y y y - y y
    convening     community     scheduled    - - - - y y y y y y y y y y y y y y y y y y y
    convening     organization  draft        - - - - - - - - - - - - - y y - y y y y - y y
    convening     organization  scheduled    - - - - y - - y y - - - y y y - y y y y - y y
    convening     team          draft        - - - - - - - - - - - - - y y - y y y y - y y
    convening     team          scheduled    - - - - y - - - - - - - y y y - y y y y - y y
    convening     private       draft        - - - - - - - - - - - - - y y - y y y y - y y
    convening     private       scheduled    - - - - y - - - - - - - y y y - y y y y - y y
    convening     private       held         - - - - y - - - - - - - y y y - y y y y - y y
    convening     community     held         - - - - y y y y y y y y y y y y y y y y y y y
    convening     community     cancelled    - - - - y y y y y y y y y y y y y y y y y y y
    convening     private       cancelled    - - - - y - - - - - - - y y y - y y y y - y y
    convening     public        dropped      - - - - - - - - - - - - - y y - y y y y - y y
    convening     all           draft        - - - - - - - - - - - - - - - - y y y y - - -
    convening     all           scheduled    - - - - - y y y y y y y y y y y y y y y y y y
    attendance    of:tied       team         - - - - - - - - - - - - - y y - y y y y y - -
    attendance    of:ended      team         - y - - - - - - - - - - - y y - y y y y - - -
    attendance    of:walk-in    team         - - - - - - - - - - - - - y y - y y y y - - -
    attendance    of:tied       all          - - - - - - - - - - - - - - - - y y y y y - -
    attendance    of:walk-in    all          - - - - - - - - - - - - - - - - y y y y - - -
";

/// What people tell each other, and what the library noticed.
pub const WORDS: &str = "
                                             g e i o o m a a u f a l t f l e c s o h t m t
                                             u n n b b e b t n o s e e a e l o t w o i a w
                                             e d v s s m o   d r k f a c a s n e n s e k i
    story         of:tied       none         - - - - - - - - - - - - - - - - y y y y y - -
    story         of:tied       public       y y y y y y y y y y y y y y y y y y y y y y y
    story         of:tied       community    - - - - - y y y y y y y y y y y y y y y y y y
    story         of:tied       organization - - - - - - - y y - - - - - - - y y y y y - -
    story         of:tied       team         - - - - y - - - - - - - y y y - y y y y y - -
    story         of:tied       private      - - - - - - - - - - - - - - - - y y y y y - -
    story         of:tied       withdrawn    - - - - - - - - - - - - - - - - - - - - y - -
    story         of:maker      none         - - - - - - - - - - - - - - - - y y y y - y y
    story         of:maker      community    - - - - - y y y y y y y y y y y y y y y y y y
    story         of:nobody     none         - - - - - - - - - - - - - - - - y y y y - y y
    story         of:nobody     team         - - - - y - - - - - - - y y y - y y y y - y y
    story         of:nobody     withdrawn    - - - - - - - - - - - - - - - - - - - - - y y
    mentorship    of:both       in:team      - - - - - - - - - - - - - - y - y y y y y y y
    mentorship    of:both       alone        - - - - - - - - - - - - - - - - y y y y y y y
    entry         on:team       shared       - - - - y - - - - - - - y y y - y y y y - - -
    entry         on:goal       shared       - - - - - - - y y - - - - - y - y y y y - y y
    entry         on:measure    shared       - - - - - y y y y y y y y y y y y y y y y y y
    entry         on:cycle      shared       - - - - - - - - - - - - - - y - y y y y y y y
    entry         on:convening  shared       - - - - - - - - - - - - - y y - y y y y - y y
    entry         on:resource   shared       - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:embargo    shared       - - - - - - - - - - - - - - - - y y y y - y y
    entry         on:story      shared       - - - - - y y y y y y y y y y y y y y y y y y
    entry         on:withdrawn  shared       - - - - - - - - - - - - - - - - - - - - y - -
    entry         on:mentorship shared       - - - - - - - - - - - - - - - - - - - - y y y
    entry         on:team       private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:goal       private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:measure    private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:cycle      private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:convening  private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:resource   private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:embargo    private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:story      private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:withdrawn  private      - - - - - - - - - - - - - - - - - - - - - y y
    entry         on:mentorship private      - - - - - - - - - - - - - - - - - - - - - y y
    finding       of:team       open         - - - - - - - - - - - - - - y - y y y y - - -
    finding       of:nobody     open         - - - - - - - - - - - - - - - - y y y y - - -
    finding       of:team       resolved     - - - - - - - - - - - - - - y - y y y y - - -
";
