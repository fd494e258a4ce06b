"""The front pages of a dossier for typst. Every word comes as data, so nothing a person typed is read as markup."""

SHEET = """
#let data = json(bytes(sys.inputs.data))
#let words = data.words
#let ink = rgb("#10192b")
#let quiet = luma(95)
#set document(title: data.reference)
#set page(
  paper: "a4",
  margin: (x: 2.2cm, top: 2.2cm, bottom: 2.4cm),
  footer: context [
    #set text(size: 8pt, fill: quiet)
    #grid(columns: (1fr, auto), [#data.reference · #data.made], [#words.page #counter(page).display()])
  ],
)
#set text(size: 10pt, fill: ink)
#set par(leading: 0.65em)
#let rule = line(length: 100%, stroke: 0.4pt + luma(190))
#let section(title) = {
  v(0.5cm)
  block(sticky: true, below: 0.3cm)[
    #text(size: 13pt)[#title]
    #v(-0.25cm)
    #line(length: 100%, stroke: 1.2pt)
  ]
}
#let paragraphs(parts) = for part in parts [#part #parbreak()]

#text(size: 9pt, tracking: 2pt, weight: "bold")[CLUSTER]
#v(0.3cm)
#text(size: 20pt)[#data.name]
#v(-0.2cm)
#text(size: 11pt, fill: quiet)[#data.reference · #data.state]

#section(words.facts)
#for (label, value) in data.facts [
  #grid(columns: (4.2cm, 1fr), gutter: 0.4cm, text(fill: quiet)[#label], [#value])
  #rule
]

#section(words.choices)
#for choice in data.choices [
  #block(breakable: false, grid(columns: (0.8cm, 1fr, 3.6cm), gutter: 0.3cm,
    text(weight: "bold")[#choice.rank],
    [
      *#choice.place*
      #for verdict in choice.verdicts [
        #linebreak() #text(size: 9pt, fill: quiet)[#text(weight: "bold", fill: ink)[#verdict.word] #verdict.sentence]
      ]
    ],
    [#choice.result #if choice.why != "" [#linebreak() #text(size: 9pt, fill: quiet)[#choice.why]]],
  ))
  #rule
]
#if data.choices.len() == 0 [#words.none]

#section(words.motivation)
#paragraphs(data.motivation)
#if data.notes.len() > 0 [
  #section(words.notes)
  #paragraphs(data.notes)
]

#section(words.documents)
#for document in data.documents [
  #block(breakable: false, grid(columns: (1fr, 2.4cm, 4.6cm), gutter: 0.3cm,
    [*#document.name* #if document.file != "" [#linebreak() #text(size: 9pt, fill: quiet)[#document.file]]],
    [#document.state],
    [#document.where],
  ))
  #rule
]
#if data.documents.len() == 0 [#words.none]

#if data.sees_reviews [
  #section(words.reviews)
  #if data.reviews.len() == 0 [#words.no_reviews]
  #for review in data.reviews [
    #block(breakable: false, grid(columns: (1.4cm, 1fr), gutter: 0.3cm,
      text(weight: "bold")[#review.total],
      [
        #review.reviewer, #review.state #linebreak()
        #text(size: 9pt, fill: quiet)[#review.points] #parbreak()
        #paragraphs(review.words)
      ],
    ))
    #rule
  ]
]
#if data.decision.len() > 0 [
  #section(words.decision)
  #paragraphs(data.decision)
]
#if data.appeal.len() > 0 [
  #section(words.appeal)
  #paragraphs(data.appeal)
]
#if data.timeline.len() > 0 [
  #section(words.timeline)
  #for event in data.timeline [
    #block(breakable: false, grid(columns: (5.6cm, 1fr), gutter: 0.3cm,
      text(size: 9pt, fill: quiet)[#event.at],
      [#event.label #if event.detail != "" [#linebreak() #text(size: 9pt, fill: quiet)[#event.detail]]],
    ))
    #rule
  ]
]
"""
