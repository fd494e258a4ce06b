"""What the sample factsheets say, in several wordings; the braces are filled with what is true of the place."""

HOUSING = (
    "{university} keeps rooms for incoming exchange students in {city}. Apply with the form you receive after your "
    "nomination; rooms are given in the order of application. Rents run from 380 to 620 euros a month.\n\n"
    "Who finds nothing there gets a list of private landlords whom the office knows.",
    "There are fewer rooms than students in {city}. The student housing foundation takes applications from exchange "
    "students as soon as the letter of acceptance is there. Begin to look at least three months before you arrive.\n\n"
    "Do not pay a deposit before you have a contract in your own name.",
    "Exchange students live in shared flats in and around {city}. The housing desk of {university} answers questions, "
    "checks contracts and helps to find people to share with. Expect 450 to 700 euros a month.",
    "A room in a student residence is offered to every exchange student who asks before the application deadline. It "
    "is let for the whole term and costs about 420 euros a month with heating and internet.",
)
VISA = (
    "Citizens of the EU, the EEA and Switzerland need no visa. All others apply for a long-stay visa or a residence "
    "permit for studies; the letter of acceptance from {university} belongs to the application. Allow three months.",
    "Whoever is a citizen of an EU or EEA country or of Switzerland registers with the authorities in {city} after "
    "arrival. Everybody else needs a permit for studies before entering {country}; ask the embassy early, since an "
    "interview may take weeks to get.",
    "No visa is needed with a passport or identity card of an EU or EEA country or of Switzerland. With any other "
    "passport, ask for the student visa as soon as you are accepted. The office of {university} answers questions but "
    "cannot speed the procedure up.",
)
LANGUAGE = (
    "Courses are taught in {languages}. For courses in English {university} recommends B2, and C1 for projects in "
    "industry. A free course of the local language begins two weeks before the term.",
    "Teaching is in {languages}; each placement says in which. A certificate is asked for only where the placement "
    "says so. Otherwise a confirmation by the home university is enough.",
    "Most master's courses can be followed in English. With {languages} on offer, a beginner's course of the local "
    "language is worth its three credits and the evenings.",
)
INSURANCE = (
    "Students insured in an EU country bring the European Health Insurance Card. All others take out health insurance "
    "that is valid in {country} before they arrive. Liability insurance is recommended for laboratory work.",
    "Bring the European Health Insurance Card, or proof of health insurance for the whole stay. Work in laboratories "
    "of {university} is covered against accidents; the way there is not.",
)
ARRIVAL = (
    "Welcome days are in the week before teaching begins. Tutors meet new students at the main station of {city} on "
    "two days that the office announces with the letter of acceptance.",
    "Come in the days before teaching begins: registration, student card and a walk through {city} are done together "
    "in one morning. Late arrivals register at the international desk.",
)
TRANSCRIPTS = (
    "Transcripts are sent to the home university within five weeks after the examinations, with grades on the local "
    "scale and the distribution of grades.",
    "The transcript of records leaves within 35 days after the end of the term. Grades are on the scale of {country}; "
    "the ECTS grading table is attached.",
)

TEXTS = {
    "housing": HOUSING,
    "visa": VISA,
    "language": LANGUAGE,
    "insurance": INSURANCE,
    "arrival": ARRIVAL,
    "transcripts": TRANSCRIPTS,
}
