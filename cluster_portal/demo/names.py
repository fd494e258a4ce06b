"""Invented people: given and family names by country, joined by the dice; nobody here is anybody."""

import random
from collections.abc import Iterator

NAMES = {
    "SE": (
        "Alva Elsa Ebba Freja Maja Signe Tuva Axel Edvin Hugo Isak Melker Nils Sixten",
        "Ahlgren Bergqvist Dahlin Ekström Forsgren Hedlund Lindvall Nordin Rosander Sandell Tegnér Wallin Åkerman "
        "Öberg",
    ),
    "IT": (
        "Alessia Beatrice Chiara Elisa Giada Ilaria Serena Davide Edoardo Filippo Jacopo Lorenzo Pietro Tommaso",
        "Bellandi Carraro Danieli Fabbrini Gallone Locatto Marchisio Novelli Peretti Quaglia Rinaldo Santoro Tessari "
        "Valenti",
    ),
    "BE": (
        "Amber Elke Femke Jolien Lotte Marit Silke Arne Bram Dries Jelle Pieter Stijn Wout",
        "Aerts Bogaerts Claeys Daems Geerinckx Helsen Lauwers Maertens Nuyts Peeters Raes Stevens Verbruggen Wuyts",
    ),
    "BE-fr": (
        "Alizée Camille Eloïse Juliette Manon Océane Zoé Bastien Corentin Florian Guillaume Loïc Quentin Thibault",
        "Bodart Collignon Delhaye Evrard Gillain Hanot Lambotte Marchal Noël Piron Renard Servais Thiry Wauthier",
    ),
    "DE": (
        "Annika Carla Frieda Hanna Johanna Leonie Svenja Bastian Falk Henrik Jonas Lennart Moritz Till",
        "Albers Brandt Dierks Eberle Fuhrmann Grothe Hollmann Kersten Lüders Merkle Ostermann Reinke Stahlberg Wieland",
    ),
    "FR": (
        "Anaïs Capucine Clémence Inès Léa Maëlys Romane Adrien Baptiste Étienne Gaspard Mathis Rémi Théo",
        "Aubert Besson Chevallier Dumoulin Fontanel Garnier Jacquet Lachaud Meunier Perrin Rousset Savary Tissier "
        "Vidal",
    ),
    "PT": (
        "Beatriz Carolina Filipa Inês Leonor Mafalda Rita Afonso Diogo Duarte Gonçalo Martim Rodrigo Tomás",
        "Almeida Barreto Cardoso Esteves Faria Guerreiro Lourenço Macedo Neves Pimentel Queirós Rebelo Seabra "
        "Vasconcelos",
    ),
    "IE": (
        "Aoife Caoimhe Clodagh Fiadh Niamh Orla Saoirse Cathal Cillian Darragh Eoin Fionn Oisín Rory",
        "Brennan Cassidy Devlin Fallon Geraghty Hennessy Keane Lacey Moriarty Nolan Quigley Redmond Sheehan Tierney",
    ),
    "FI": (
        "Aino Eeva Helmi Iida Kerttu Sanni Venla Aapo Eetu Joonas Niko Olli Santeri Veikko",
        "Ahonen Eskola Hakala Ikonen Järvelä Kallio Laukkanen Mäkinen Nurmi Ojala Paasonen Rantala Saarela Vuorinen",
    ),
    "NL": (
        "Anouk Fleur Iris Lieke Maud Roos Sanne Bas Daan Joep Koen Luuk Sander Thijs",
        "van_den_Akker Bakema Dijkstra Elzinga Feenstra Groeneveld Hoekstra de_Jager Kuipers van_Loon Molenaar "
        "Postma Terpstra Zijlstra",
    ),
    "ES": (
        "Aina Berta Clara Laia Marina Núria Queralt Arnau Biel Guillem Jordi Marc Oriol Pau",
        "Alsina Bofarull Casals Domènech Escolà Ferrer Gispert Llopis Miralles Noguera Pujolar Riera Serrat Vendrell",
    ),
    "CA": (
        "Ariane Coralie Jade Maude Rosalie Félix Olivier Raphaël Samuel Xavier",
        "Beaulieu Charbonneau Desrosiers Gauthier Lapierre Morin Pelletier Thériault",
    ),
    "BR": (
        "Bruna Isabela Larissa Letícia Tainá Caio Danilo Murilo Renan Thiago",
        "Araújo Batista Camargo Drummond Figueira Mesquita Pacheco Siqueira",
    ),
    "CN": (
        "Jiayi Lanfen Meilin Ruoxi Xinyi Yutong Bowen Chenxi Haoran Junjie Weiming Zihan",
        "Bai Dong Fang Gao Lu Qian Shen Song Wei Xie Yan Zhou",
    ),
    "IN": (
        "Aditi Kavya Meera Priya Sneha Aarav Dhruv Karthik Nikhil Rohan",
        "Banerjee Chatterjee Deshpande Iyer Kulkarni Menon Nair Reddy",
    ),
    "TR": (
        "Ayşe Defne Elif Nehir Zeynep Arda Cem Emre Kerem Onur",
        "Aksoy Bulut Demirel Güneş Kaplan Öztürk Şahin Yavuz",
    ),
    "EG": (
        "Farida Habiba Mariam Nour Salma Ahmed Karim Omar Tarek Youssef",
        "Abdelrahman Elmasry Fahmy Hosny Mansour Saleh Shaker Zaki",
    ),
    "PL": (
        "Agata Hanna Kinga Magda Zuzanna Bartosz Jakub Kacper Mateusz Szymon",
        "Adamczyk Borowska Czarnecki Dudek Jaworski Kalinowski Sikora Zając",
    ),
}  # fmt: skip
FROM_ELSEWHERE = ("IN", "TR", "EG", "PL", "CN", "BR")


class Names:
    """Draws names that nobody drew before."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._taken: set[tuple[str, str]] = set()

    def of(self, country: str) -> tuple[str, str]:
        """A given and a family name as people of `country` bear them."""
        given, family = (part.split() for part in NAMES[country])
        fresh = (pair for pair in self._draw(given, family) if pair not in self._taken)
        pair = next(fresh)
        self._taken.add(pair)
        return pair

    def of_somebody_at(self, country: str) -> tuple[str, str]:
        """Of four people at a university one comes from elsewhere."""
        return self.of(self._dice.choice(FROM_ELSEWHERE) if self._dice.random() < 0.25 else country)

    def _draw(self, given: list[str], family: list[str]) -> Iterator[tuple[str, str]]:
        while True:
            yield self._dice.choice(given), self._dice.choice(family).replace("_", " ")
