"""Well-known names for the plain sentences of the entity model, and sentences to put them into.

The names of the test sentences (EXAMPLES and the everyday probes) are not in these lists, except
for countries and big cities.
"""


def names(text):
    """Split a comma-separated list that runs over several lines."""
    return [" ".join(name.split()) for name in text.split(",")]


# Full names of well-known people.
STARS = names("""Tim Cook,Bill Gates,Elon Musk,Jeff Bezos,Mark Zuckerberg,Larry Page,Sergey Brin,
Warren Buffett,Richard Branson,Ada Lovelace,Alan Turing,Grace Hopper,Tim Berners-Lee,Steve Wozniak,
Geoffrey Hinton,Yann LeCun,Yoshua Bengio,Andrew Ng,Fei-Fei Li,Sam Altman,Demis Hassabis,
Linus Torvalds,Albert Einstein,Isaac Newton,Marie Curie,Charles Darwin,Stephen Hawking,
Galileo Galilei,Nikola Tesla,Thomas Edison,Leonardo da Vinci,Michelangelo,Pablo Picasso,
Vincent van Gogh,Claude Monet,Frida Kahlo,Salvador Dalí,Andy Warhol,Rembrandt,Banksy,Plato,
Aristotle,Socrates,Cleopatra,Julius Caesar,Napoleon,Alexander,William Shakespeare,Jane Austen,
Charles Dickens,Mark Twain,Ernest Hemingway,George Orwell,Virginia Woolf,Franz Kafka,Thomas Mann,
Goethe,Schiller,Leo Tolstoy,Victor Hugo,Jules Verne,J.K. Rowling,Dan Brown,Toni Morrison,
Margaret Atwood,Gabriel García Márquez,Astrid Lindgren,Michael Ende,Roald Dahl,Johann Sebastian
Bach,Bach,Chopin,Vivaldi,Verdi,Wagner,Tchaikovsky,Elvis Presley,Elvis,Michael Jackson,Madonna,
Prince,Bob Dylan,Bob Marley,David Bowie,Freddie Mercury,John Lennon,Paul McCartney,Mick Jagger,
Elton John,Taylor Swift,Beyoncé,Lady Gaga,Ed Sheeran,Shakira,Katy Perry,Bruno Mars,Ariana Grande,
Justin Bieber,Britney Spears,Whitney Houston,Celine Dion,Tina Turner,Aretha Franklin,Ray Charles,
Louis Armstrong,Frank Sinatra,Drake,Eminem,Jay-Z,Billie Eilish,Dua Lipa,Tom Hanks,Tom Cruise,
Brad Pitt,Angelina Jolie,George Clooney,Julia Roberts,Meryl Streep,Leonardo DiCaprio,Will Smith,
Emma Watson,Daniel Radcliffe,Scarlett Johansson,Charlie Chaplin,Marilyn Monroe,Audrey Hepburn,
Alfred Hitchcock,Steven Spielberg,Quentin Tarantino,Walt Disney,Jackie Chan,Bruce Lee,Lionel Messi,
Messi,Cristiano Ronaldo,Ronaldo,Pelé,Diego Maradona,Zinedine Zidane,Kylian Mbappé,David Beckham,
Franz Beckenbauer,Manuel Neuer,Thomas Müller,Roger Federer,Rafael Nadal,Novak Djokovic,Steffi Graf,
Boris Becker,Serena Williams,Usain Bolt,Muhammad Ali,Michael Jordan,LeBron James,Tiger Woods,
Michael Schumacher,Lewis Hamilton,Sebastian Vettel,Simone Biles,Nelson Mandela,Mahatma Gandhi,
Martin Luther King,Martin Luther,Rosa Parks,Malala Yousafzai,Greta Thunberg,Mother Teresa,
Pope Francis,Queen Elizabeth,King Charles,Prince William,Princess Diana,Winston Churchill,
Margaret Thatcher,Tony Blair,Boris Johnson,David Cameron,Helmut Kohl,Willy Brandt,Gerhard Schröder,
Friedrich Merz,Charles de Gaulle,François Mitterrand,Nicolas Sarkozy,George Washington,
Abraham Lincoln,Thomas Jefferson,Franklin Roosevelt,John F. Kennedy,Kennedy,Richard Nixon,
Jimmy Carter,Ronald Reagan,Bill Clinton,Hillary Clinton,George Bush,Donald Trump,Trump,Joe Biden,
Biden,Kamala Harris,Michelle Obama,Vladimir Putin,Putin,Mikhail Gorbachev,Xi Jinping,Mao Zedong,
Narendra Modi,Indira Gandhi,Fidel Castro,Che Guevara,Neil Armstrong,Yuri Gagarin,
Christopher Columbus,Marco Polo,Vasco da Gama,Captain Cook,Marie Antoinette,Anne Frank,
Sigmund Freud,Karl Marx,Friedrich Nietzsche,Immanuel Kant,Sherlock Holmes,Harry Potter,James Bond,
Robin Hood,Peter Pan,Sylvain Gugger,Thomas Wolf,Clément Delangue,Julien Chaumond""")
# Bands, clubs, teams, institutions and companies.
BANDS = names("""the Beatles,the Rolling Stones,Queen,Pink Floyd,Led Zeppelin,ABBA,U2,the Doors,
Nirvana,Metallica,AC/DC,Oasis,Radiohead,the Beach Boys,the Who,the Clash,the Police,Genesis,
Depeche Mode,Kraftwerk,Rammstein,Scorpions,Die Toten Hosen,the Bee Gees,Take That,Spice Girls,
One Direction,BTS,Blackpink,Green Day,Linkin Park,Guns N' Roses,Iron Maiden,Deep Purple,
Black Sabbath,Simon and Garfunkel,the Eagles,Fleetwood Mac,Arctic Monkeys,Imagine Dragons,Muse,
the Cure,the Smiths,Daft Punk,the Strokes,the White Stripes,Pearl Jam,Bon Jovi,the Kinks""")
CLUBS = names("""Real Madrid,Barcelona,FC Barcelona,Manchester United,Manchester City,Liverpool,
Chelsea,Arsenal,Tottenham,Everton,Bayern Munich,FC Bayern,Borussia Dortmund,RB Leipzig,Juventus,
AC Milan,Inter Milan,Ajax,Benfica,Paris Saint-Germain,Celtic,Rangers,Newcastle United,West Ham,
the Chicago Bulls,the Los Angeles Lakers,the Lakers,the Boston Celtics,the New York Yankees,
the Yankees,the Red Sox,the Dallas Cowboys,the New England Patriots,the Toronto Maple Leafs,
Boca Juniors,Santos,Flamengo,Galatasaray,Red Star Belgrade,Hertha,Union Berlin,FC St. Pauli""")
FIRMS = names("""IKEA,Lufthansa,Apple,Google,Microsoft,Amazon,Facebook,Meta,Twitter,Netflix,Tesla,
Samsung,Sony,Nintendo,Nokia,Huawei,Xiaomi,Lenovo,Dell,HP,IBM,Intel,AMD,Oracle,SAP,Adobe,Uber,
Airbnb,PayPal,eBay,Alibaba,Tencent,TikTok,YouTube,Instagram,WhatsApp,LinkedIn,Wikipedia,GitHub,
DeepMind,Hugging Face,Anthropic,Boeing,Airbus,British Airways,Air France,Emirates,Delta,
Toyota,Honda,Nissan,Hyundai,Ford,General Motors,Chrysler,Volkswagen,BMW,Mercedes,Audi,Porsche,
Ferrari,Fiat,Volvo,Renault,Peugeot,Siemens,Bosch,Philips,Panasonic,Canon,Nikon,Lego,Disney,Pixar,
Warner Brothers,Universal,McDonald's,Burger King,Starbucks,Subway,KFC,Coca-Cola,Pepsi,Nestlé,
Unilever,Danone,Heineken,Walmart,Aldi,Lidl,Tesco,Carrefour,H&M,Zara,Nike,Adidas,Puma,Gucci,Prada,
Chanel,Dior,Rolex,Visa,Mastercard,Deutsche Bank,Goldman Sachs,Barclays,HSBC,UBS,Allianz,Shell,BP,
Exxon,Gazprom,Pfizer,Novartis,Roche,BioNTech,Bayern,BASF,DHL,FedEx,UPS,Deutsche Bahn,Deutsche
Telekom,Verizon,NASA,SpaceX,CERN,Harvard University,Stanford University,Oxford University,
Cambridge University,Princeton University,MIT,the University of Chicago,
the University of California,Humboldt University,the Technical University of Munich,
the United Nations,the European Union,the World Bank,the Red Cross,UNICEF,Greenpeace,
Amnesty International,NATO,the FBI,the CIA,the BBC,CNN,Reuters,the New York Times,the Guardian,
Der Spiegel,the World Health Organization,the Supreme Court,the Senate,Congress,Parliament,
the Labour Party,the Republican Party,the Green Party,the Olympic Committee,FIFA,UEFA""")
SIGHTS = names("""the Eiffel Tower,the Louvre,Notre Dame,the Arc de Triomphe,Versailles,
the Brandenburg Gate,the Reichstag,the Berlin Wall,Neuschwanstein Castle,Cologne Cathedral,
the Colosseum,the Vatican,the Leaning Tower,Big Ben,Tower Bridge,the London Eye,Hyde Park,
Westminster Abbey,Wembley Stadium,Stonehenge,Edinburgh Castle,the Statue of Liberty,Times Square,
Central Park,the Empire State Building,the Golden Gate Bridge,the White House,Alcatraz,Hollywood,
Broadway,Wall Street,Disneyland,the Grand Canyon,Yellowstone,Niagara Falls,Mount Rushmore,
the Great Wall,the Forbidden City,the Taj Mahal,Angkor Wat,Mount Fuji,the Burj Khalifa,
the Pyramids,the Acropolis,the Parthenon,the Hagia Sophia,the Blue Mosque,the Kremlin,Red Square,
the Prado,the Alhambra,the Sagrada Familia,Machu Picchu,the Sydney Opera House,Uluru,
Heathrow Airport,Kennedy Airport,Grand Central Station,Alexanderplatz,Checkpoint Charlie""")
NATURE = names("""the Amazon,the Nile,the Rhine,the Danube,the Thames,the Seine,the Mississippi,
the Hudson,the Volga,the Ganges,the Yangtze,the Congo,the Zambezi,the Rhône,the Po,the Tiber,
the Main,the Oder,the Colorado River,the Amazon River,the Missouri,the Alps,the Himalayas,
the Andes,the Rocky Mountains,the Pyrenees,the Black Forest,the Sahara,the Gobi,Mount Everest,
Mont Blanc,Kilimanjaro,Mount Kenya,Vesuvius,Etna,the Atlantic,the Pacific,the Atlantic Ocean,
the Indian Ocean,the Mediterranean,the Mediterranean Sea,the Baltic Sea,the North Sea,the Black
Sea,the Red Sea,the Dead Sea,Lake Constance,Lake Geneva,Lake Michigan,Lake Victoria,Loch Ness,
the Suez Canal,the Panama Canal,the English Channel,Africa,Asia,Europe,South America,North America,
Antarctica,the Middle East,the Caribbean,the Balkans,Scandinavia,Bavaria,Saxony,Tuscany,Sicily,
Normandy,Catalonia,Scotland,Wales,Ireland,Siberia,Alaska,Hawaii,Ohio,Georgia,Virginia,Arizona,
Colorado,Oregon,Nevada,Utah,Ontario,Queensland""")
WORKS = names("""Star Wars,Titanic,Avatar,Hamlet,Macbeth,Romeo and Juliet,Faust,Don Quixote,
War and Peace,The Lord of the Rings,The Hobbit,Frankenstein,Dracula,Jurassic Park,The Matrix,
Casablanca,Frozen,Toy Story,The Lion King,Game of Thrones,Breaking Bad,The Simpsons,Friends,
Star Trek,Sesame Street,Mona Lisa,Yesterday,Imagine,Thriller,Bohemian Rhapsody,
the World Cup,the Olympics,the Olympic Games,the Super Bowl,World War II,World War I,the Cold War,
the French Revolution,Christmas,Easter,Oktoberfest,Windows,Android,the iPhone,the Bible,the Koran,
the Nobel Prize,Python,Java,Linux""")
NATIONALITIES = names("""French,German,Italian,Spanish,Japanese,Chinese,Indian,Brazilian,Mexican,
Canadian,Russian,American,British,Dutch,Swedish,Greek,Turkish,Korean,Polish,Egyptian,European,
African,English,Scottish,Welsh,Austrian,Swiss,Belgian,Hungarian,Czech,Romanian,Bulgarian,Croatian,
Serbian,Ukrainian,Israeli,Iranian,Iraqi,Syrian,Lebanese,Pakistani,Vietnamese,Indonesian,
Australian,Argentine,Chilean,Cuban,Colombian,Peruvian,Nigerian,Kenyan,Ethiopian,Moroccan,Arabic,
Hebrew,Hindi,Latin,Persian,Asian,Bavarian,Muslim,Christian,Jewish,Catholic,Buddhist""")

# {p} a person, {f} a person by full or well-known name, {l} a place, {o} an organisation, {b} a
# band, {c} a club, {s} a sight, {n} a river, mountain or region, {w} a work or event,
# {m} a nationality
TEMPLATES = """
{f} lives in {l} .
{f} was born in {l} .
{f} was born in {l} in 1955 .
{f} died in {l} .
{f} comes from {l} .
{f} grew up in {l} .
{f} flew to {l} yesterday .
{f} met {f} in {l} .
{f} and {f} are friends .
{f} is my favorite singer .
{f} is a famous actor .
{f} was a great scientist .
{f} painted this picture .
{f} wrote a book about {l} .
{f} wrote many books .
{f} won the match .
{f} resigned as prime minister .
{f} became president in 1980 .
{f} is the president of {l} .
{f} is the head of {o} .
{f} runs {o} .
{f} is the boss of {o} .
{f} founded {o} .
{f} plays for {c} .
{f} scored two goals for {c} .
{f} has a house near {n} .
{f} gave a concert in {l} .
{f} will sing in {l} on Friday .
I saw {f} on television .
I am reading a book by {f} .
Have you heard the new song by {f} ?
My favorite writer is {f} .
Who is {f} ?
Have you ever met {f} ?
We talked about {f} and {f} .
{b} is my favorite band .
{b} are my favorite band .
{b} is a band from {l} .
{b} gave a concert in {l} .
{b} played in {l} last night .
{b} come from {l} .
I like {b} .
I listen to {b} every day .
My father loves {b} and {b} .
{f} was the singer of {b} .
{f} sang with {b} in {l} .
{c} beat {c} on Saturday .
{c} lost against {c} .
{c} won the cup .
{c} played against {c} in {l} .
My brother is a fan of {c} .
{p} has tickets for {c} .
{p} bought a table at {o} .
I bought my shoes at {o} .
I ordered a book from {o} .
We flew to {l} with {o} .
I work at {o} .
I work for {o} .
{o} has an office in {l} .
{o} sells phones in {l} .
{o} makes cars .
{o} makes chips in {l} .
{o} bought {o} .
{o} and {o} work together .
{o} was founded in {l} .
{o} is a company in {l} .
{o} was founded by {f} in {l} .
She studied at {o} .
He gave money to {o} .
{p} teaches at {o} .
My uncle {p} works at {o} in {l} .
My sister {p} lives in {l} .
My friends {p} and {p} moved to {l} .
Mr. {p} teaches {m} .
Mrs. {p} is our teacher .
Dr. {p} works in a hospital in {l} .
Professor {p} is from {l} .
Please call {p} .
Yesterday I met {p} in {l} .
{p} and {p} are from {l} .
{p} , can you help me ?
Thank you , {p} .
Dear {p} , how are you ?
{p} 's brother lives in {l} .
{p} and I went to {s} .
{s} is in {l} .
{s} is a famous building in {l} .
{s} is very old .
We visited {s} in {l} .
{p} and {p} visited {s} .
{p} lives near {s} in {l} .
The museum is next to {s} .
{s} is more beautiful than {s} .
I would like to see {s} .
{n} is in {l} .
{n} is very beautiful .
{n} flows through {l} .
{n} flows through {l} and {l} .
{n} is the longest river in {l} .
{n} is a river in {l} .
We swam in {n} .
We climbed {n} with {p} .
We went on holiday to {n} .
There are many animals in {n} .
{p} has a boat on {n} .
{p} is a man from {n} .
I have never been to {l} .
{l} is bigger than {l} .
{l} is a city in {l} .
{l} is a beautiful city .
It is raining in {l} .
Tomorrow I will fly to {l} .
The train from {l} to {l} is late .
Where is {l} ?
Is {l} in {n} ?
I come from {l} .
We have seen {w} twice .
{w} is my favorite film .
I love {w} .
Have you seen {w} ?
{f} played in {w} .
{p} watched {w} with {p} .
The {m} team won in {l} .
Do you speak {m} or {m} ?
I like {m} food .
{p} speaks {m} and {m} .
{p} is learning {m} in {l} .
She is {m} and he is {m} .
The {m} people love {w} .
My {m} friend {p} lives in {l} .
""".strip().splitlines()

# Sentences without any name, with capitals where a careless model would see one.
PLAIN = """
I get up at seven and go to work .
It is raining today .
The children are playing in the garden .
My brother is older than me .
Where is the train station ?
I would like a cup of coffee , please .
Hello , how are you ?
Good morning !
Thank you very much .
Happy birthday to you !
The cat is sleeping on the sofa .
My computer does not work .
We had pizza for dinner .
Yesterday I went to the doctor .
The meeting is on Monday .
See you in May .
May I come in ?
In June it is warm .
I love this movie .
Our dog is very old .
What time is it ?
The model learns from data .
Please open the window .
Is there a bank near here ?
My mother and my father are teachers .
The amazon was a warrior .
An apple a day keeps the doctor away .
She will call you back .
The mark on the bill was red .
Great , my laptop crashed again .
I paid the bill in the bar .
You can jack up the car .
That is a frank answer .
They rose early in the morning .
""".strip().splitlines()
