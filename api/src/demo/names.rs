//! Names of people, streets and towns, as they are met around Denver. Nobody is meant by them.

pub(super) const FIRST: [&str; 60] = [
    "Hannah", "James", "Maria", "Robert", "Linda", "Carlos", "Susan", "Kenneth", "Aisha", "Thomas", "Patricia", "Wei",
    "Nancy", "Gregory", "José", "Deborah", "Samuel", "Yuki", "Karen", "Anthony", "Elena", "Walter", "Fatima", "Brian",
    "Denise", "Hector", "Megan", "Arthur", "Priscilla", "Dmitri", "Rachel", "Vernon", "Noor", "Timothy", "Gloria",
    "Andrés", "Beth", "Raymond", "Lucía", "Stephen", "Naomi", "Douglas", "Ingrid", "Kofi", "Teresa", "Lawrence",
    "Mei", "Peter", "Abigail", "Ramón", "Joyce", "Ethan", "Zoë", "Howard", "Camille", "Rohan", "Sylvia", "Glenn",
    "Marisol", "Nathan",
];

pub(super) const LAST: [&str; 72] = [
    "Lindqvist", "Baker", "Gallegos", "Whitaker", "Nguyen", "O'Connor", "Petersen", "Vigil", "Schroeder", "Okafor",
    "Martínez", "Hughes", "Tanaka", "Romero", "Fitzgerald", "Becker", "Archuleta", "Jensen", "Kowalski", "Freeman",
    "Chavez", "Lawson", "Müller", "Sandoval", "Griffin", "Patel", "Trujillo", "Dawson", "Ivanova", "Montoya",
    "Sullivan", "Kim", "Barnes", "Quintana", "Holloway", "Larsen", "Espinoza", "Wheeler", "Abbott", "Garcia",
    "Yoder", "McKenzie", "Lucero", "Stein", "Ramsey", "Duarte", "Pruitt", "Hoang", "Christensen", "Valdez",
    "Norwood", "Peña", "Atkins", "Brandt", "Mercer", "Salazar", "Doyle", "Eriksson", "Pacheco", "Tillman", "Osei",
    "Winters", "Cordova", "Hayashi", "Bauer", "Maestas", "Lindgren", "Shah", "Gentry", "Rivera", "Carver", "Novotny",
];

pub(super) const STREETS: [&str; 40] = [
    "S Pearl St", "N Downing St", "E Colfax Ave", "W 32nd Ave", "S Gaylord St", "Tennyson St", "S Broadway",
    "E 17th Ave", "Zuni St", "S Logan St", "E Evans Ave", "W Alameda Ave", "Josephine St", "S Clarkson St",
    "N Williams St", "E Hampden Ave", "W Mississippi Ave", "Quebec St", "S Monaco Pkwy", "Steele St", "Lowell Blvd",
    "W Jewell Ave", "S Wadsworth Blvd", "E Iliff Ave", "Dahlia St", "S University Blvd", "Federal Blvd",
    "W 44th Ave", "Yates St", "S Holly St", "E Yale Ave", "Krameria St", "Xavier St", "S Ogden St", "Ivanhoe St",
    "W Florida Ave", "Grape St", "S Lincoln St", "Newton St", "E Dartmouth Ave",
];

/// Towns with one of their postal codes.
pub(super) const TOWNS: [(&str, &str); 24] = [
    ("Denver", "80210"), ("Denver", "80205"), ("Denver", "80212"), ("Denver", "80220"), ("Denver", "80209"),
    ("Denver", "80211"), ("Denver", "80231"), ("Lakewood", "80226"), ("Lakewood", "80232"), ("Aurora", "80012"),
    ("Aurora", "80014"), ("Englewood", "80113"), ("Littleton", "80120"), ("Littleton", "80127"), ("Arvada", "80003"),
    ("Wheat Ridge", "80033"), ("Centennial", "80122"), ("Westminster", "80030"), ("Golden", "80401"),
    ("Thornton", "80229"), ("Northglenn", "80233"), ("Broomfield", "80020"), ("Parker", "80134"),
    ("Highlands Ranch", "80129"),
];

pub(super) const AREA_CODES: [&str; 3] = ["303", "720", "970"];
