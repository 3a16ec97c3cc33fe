"""The words of invented courses: names, events, plans. No person and no event is real."""

GIVEN_NAMES: dict[str, tuple[str, ...]] = {
    "woman": (
        "Abena",
        "Amparo",
        "Anneli",
        "Ayşe",
        "Brígida",
        "Chiyo",
        "Danuta",
        "Eilidh",
        "Farzana",
        "Hadiza",
        "Ines",
        "Jovana",
        "Kavitha",
        "Leocadia",
        "Lwazi",
        "Maren",
        "Mei",
        "Nadezhda",
        "Oonagh",
        "Parisa",
        "Rosalba",
        "Soraya",
        "Tamsin",
        "Wren",
        "Yetunde",
        "Zora",
    ),
    "man": (
        "Aurelio",
        "Bartosz",
        "Bilal",
        "Cormac",
        "Dae",
        "Demetrio",
        "Emeka",
        "Faisal",
        "Goran",
        "Hiroto",
        "Ifan",
        "Jarek",
        "Kwabena",
        "Lorcan",
        "Mateus",
        "Nikhil",
        "Oskari",
        "Rafael",
        "Sione",
        "Tariq",
        "Uzoma",
        "Viljo",
        "Wendell",
        "Xander",
        "Yusuf",
        "Zoltan",
    ),
    "nonbinary": ("Arden", "Bay", "Ellis", "Indigo", "Juno", "Lark", "Marlo", "Quill", "Sol"),
}
FAMILY_NAMES = (
    "Abarra",
    "Ashgrove",
    "Brandywell",
    "Castellune",
    "Dunmorrow",
    "Ekwensara",
    "Fennimore",
    "Garramond",
    "Halvorsund",
    "Iwatani-Reed",
    "Jankovar",
    "Kestrelby",
    "Larkhollow",
    "Marchetto",
    "Nakumari",
    "Okonwale",
    "Pallisander",
    "Quillfeather",
    "Rivendale",
    "Sandoval-Pike",
    "Thornquist",
    "Umberfield",
    "Valderama",
    "Wexcombe",
    "Yarrowind",
    "Zielonka-Marsh",
)
RELATIONS: dict[str, tuple[str, ...]] = {
    "woman": ("partner", "sister", "mother", "daughter", "aunt", "friend"),
    "man": ("partner", "brother", "father", "son", "uncle", "friend"),
}
MEDICINES = (("sertraline", "50 mg"), ("mirtazapine", "15 mg"), ("escitalopram", "10 mg"))
EMPLOYMENT = (
    "nurse, on sick leave",
    "bus driver",
    "student",
    "shop assistant, part time",
    "teacher",
    "not working",
    "warehouse worker, nights",
    "cook",
    "self-employed",
    "carer for a parent",
    "civil servant",
    "retired early",
)
RELATIONSHIPS = ("single", "partnered", "married", "separated", "divorced", "widowed")

PTSD_DIAGNOSES = (
    "PTSD (moderate), no comorbid MDD",
    "PTSD with comorbid MDD",
    "PTSD, MDD mild",
    "PTSD (severe), alcohol use in remission",
)
MDD_DIAGNOSES = (
    "MDD, moderate; PTSD symptoms below diagnosis",
    "MDD, moderate, peripartum onset; PTSD symptoms below diagnosis",
    "MDD, recurrent, with PTSD symptoms",
)
EVENTS: dict[str, tuple[str, ...]] = {
    "interpersonal_trauma": (
        "assault on the way home last autumn",
        "violence by a former partner over three years",
        "robbery at work, held at knife point",
        "sexual assault at a party two years ago",
        "beaten by a stepfather between ages six and eleven",
        "attack by a customer eight months ago",
    ),
    "disaster_or_mass_violence": (
        "flood that took the house, fourteen months ago",
        "flight from a shelled town, four years ago",
        "fire in the block of flats last winter",
    ),
    "perinatal": (
        "emergency delivery ten weeks ago",
        "stillbirth in the eighth month",
        "three weeks of her baby in intensive care",
    ),
    "other": (
        "road crash in which a friend died",
        "sudden death of a brother, found by the patient",
        "fall from scaffolding, eleven months ago",
        "heart attack on a train platform",
    ),
}

PEOPLE: dict[str, tuple[str, ...]] = {
    "grief": ("the grave", "the empty chair", "the old photograph", "the coat in the hall"),
    "dispute": ("partner", "mother", "brother", "flatmate", "the shift leader", "eldest son"),
    "role_transition": (
        "the new team",
        "a neighbour",
        "the new manager",
        "the midwife",
        "a cousin",
    ),
    "sensitivity": ("a colleague", "the man next door", "an old classmate", "a choir member"),
}
HAPPENINGS: dict[str, tuple[str, ...]] = {
    "grief": (
        "sat by {who} for the first time, cried",
        "could not look at {who}, left early",
        "told a friend about {who}, was listened to",
        "dreamt of {who}, woke relieved, then sad",
        "tidied round {who} and stayed a while",
    ),
    "dispute": (
        "quarrel with {who} about money",
        "asked {who} for an hour alone, was heard",
        "silence with {who} since Sunday",
        "shouted at {who}, then apologised",
        "tried the rehearsed sentence with {who}",
        "{who} did not turn up as agreed",
    ),
    "role_transition": (
        "first long talk with {who}",
        "asked {who} for help and got it",
        "cancelled on {who}, felt useless",
        "had tea with {who}, stayed an hour",
        "filled in the forms with {who}",
    ),
    "sensitivity": (
        "said good morning to {who}",
        "was sure {who} was laughing at them",
        "sat beside {who} at lunch",
        "turned down an invitation from {who}",
        "wrote back to {who} within a day",
    ),
}
EARLY_HAPPENINGS = (
    "slept badly after a loud evening next door",
    "left the shop when it grew full",
    "snapped at partner after a hard day",
    "stayed in all weekend, phone off",
    "birthday passed without a visit",
    "walked past the place for the first time",
    "argued about the washing up, went to bed early",
)
PLANS: dict[str, tuple[str, ...]] = {
    "beginning": (
        "finish inventory",
        "formulation next time",
        "bring the timeline",
        "agree contract",
    ),
    "middle": (
        "try the conversation before Thursday",
        "one evening out",
        "write down what was not said",
        "ask sister to come along",
        "notice the feeling before answering",
    ),
    "termination": ("list of warning signs", "last session in two weeks", "plan in writing"),
    "maintenance": ("same plan", "call if sleep goes", "next visit in a month"),
}
MISSED_PLANS: dict[str, tuple[str, ...]] = {
    "no_show": ("rang, no answer, text sent", "reached in the evening, rebooked; risk asked: none"),
    "cancelled_by_patient": ("flu, rebooked", "child ill, rebooked", "work called, rebooked"),
    "late_cancellation": ("cancelled an hour before, rebooked",),
    "cancelled_by_therapist": ("therapist ill", "training day, moved on a week"),
    "cancelled_by_service": ("clinic closed, heating failure",),
}
SWITCH_REASONS = (
    "the relationship has ended; both agree work is now on the new life",
    "the quarrel is settled; the move is what weighs now",
    "both see that the change of job matters more",
)
DROPOUT_REASONS = (
    "missed visits, no reply",
    "moved away before the middle of the course",
    "asked to stop, offered a return",
    "new job, hours do not fit",
)
MISSING_REASONS = ("declined", "not reached", "did not attend, rebooked in vain")
