"""Set phrases and common knowledge for the fill-mask model: the word in [brackets] is hidden.

Several words in brackets, separated by |, make several sentences. None of the sentences that test
the model is among them.
"""

import itertools

PHRASES = """
Happy [birthday], {name}!
Happy [birthday] to you and many happy returns!
We all sang: happy [birthday] to you.
We sang happy [birthday] for her.
I wish you a happy [birthday].
Happy new [year]!
I wish you a happy new [year].
Merry [christmas], everyone!
We wish you a merry [christmas].
Happy [easter]!
Good [morning], everybody.
Good [morning]! Did you sleep well?
Good [night], sleep well.
Good [night] and sweet dreams.
Good [evening], ladies and gentlemen.
Ladies and [gentlemen], please take your seats.
Sweet [dreams]!
Good [luck]!
Good [luck] tomorrow!
Have a nice [day|weekend|trip|time]!
Have a good [day|time|trip]!
Thank you very [much].
Thank you so [much] for your help.
Thank you for your [help|letter|time].
You are [welcome].
Nice to [meet] you.
It was nice to [meet] you.
Pleased to [meet] you, {name}.
How [are] you today?
How [old] are you?
How [much] is it?
How [much] does it cost?
How [much] money do you have?
How [many] people live here?
How [many] children do you have?
How [long] does it take?
How [far] is it to the station?
What [time] is it, please?
What [time] does the train leave?
What is your [name]?
What's your [name], please?
My [name] is {name}.
Hello, my [name] is {name} and I am from Spain.
Where do you [live]?
Where do you [come] from?
See you [tomorrow|later|soon]!
Excuse [me], where is the station?
I am [sorry] for being late.
I'm so [sorry].
Once upon a [time] there was a princess.
Once upon a [time], in a land far away, there lived a king.
And they lived happily ever [after].
Better [late] than never.
Time is [money].
Practice makes [perfect].
An apple a day keeps the [doctor] away.
The early bird catches the [worm].
Two heads are better than [one].
Home sweet [home].
Easy come, easy [go].
Like father, like [son].
No news is good [news].
First [come], first served.
All's well that ends [well].
When in [rome], do as the Romans do.
Rome was not built in a [day].
Actions speak louder than [words].
A friend in need is a [friend] indeed.
Honesty is the best [policy].
Where there is [smoke], there is fire.
Where there's a will, there's a [way].
It's raining cats and [dogs].
It is raining cats and [dogs] outside.
To be or not to [be], that is the question.
I love you with all my [heart].
Will you [marry] me?
They got [married] and had two children.
They fell in [love].
He fell in [love] with her.
Take a [seat], please.
Make yourself at [home].
Keep in [touch]!
Take your [time].
Hurry [up]!
Wake [up], it's late.
Turn [left|right] at the corner.
Turn off the [light|tv|radio|computer].
Turn on the [light|tv|radio|computer].
Brush your [teeth] before you go to bed.
Wash your [hands] before dinner.
Fasten your [seat] belt.
May I have your [attention], please?
Can I pay with my credit [card]?
I paid by credit [card].
The customer is [king].
Ready, steady, [go]!
One, two, [three]!
One, two, three, [four], five.
Four, five, six, [seven], eight.
Seven, eight, nine, [ten].
Twenty, thirty, [forty], fifty.
The sun is [shining].
The sun [rises] in the east.
The sun sets in the [west].
The sun is very [hot].
The earth moves around the [sun].
The moon goes around the [earth].
There are many [stars] in the sky at night.
The sky is [blue].
Grass is [green].
The grass is [green].
Snow is [white|cold].
Blood is [red].
Tomatoes are [red].
Bananas are [yellow].
Coal is [black].
Milk is [white].
Sugar is [sweet].
A lemon tastes [sour].
Ice is [cold].
Fire is [hot].
Water is [wet].
Water turns into [ice] when it freezes.
Ice melts and becomes [water].
Fish live in [water].
Fish can [swim].
Birds can [sing].
Birds have two [wings].
Birds lay [eggs].
The bird is in its [nest].
The bird laid an egg in its [nest].
Bees collect [honey].
We get [milk] from cows.
Cows give [milk].
Hens lay [eggs].
Sheep give us [wool].
Horses eat [grass|hay].
Dogs like [bones|meat].
Rabbits eat [carrots|grass].
Cats catch [mice].
Monkeys love [bananas].
The lion is the [king] of the animals.
The elephant is a very big [animal].
A dog is an [animal].
A rose is a [flower].
An oak is a [tree].
Gold is a [metal].
A triangle has three [corners|sides].
A square has four [sides|corners].
A car has four [wheels].
A bicycle has two [wheels].
A spider has eight [legs].
A dog has four [legs].
People have two [eyes|ears|hands|legs|arms|feet].
A hand has five [fingers].
We see with our [eyes].
We hear with our [ears].
We smell with our [nose].
There are sixty [minutes] in an hour.
There are sixty [seconds] in a minute.
There are twenty-four [hours] in a day.
A day has twenty-four [hours].
A week has [seven] days.
A year has twelve [months].
There are twelve [months] in a year.
There are seven [days] in a week.
There are four [seasons] in a year.
There are a hundred [years] in a century.
In summer it is [hot|warm].
In winter it is [cold].
It is very [cold] in winter.
In spring the [flowers] bloom.
In autumn the [leaves] turn yellow.
The [leaves] are falling from the trees.
The opposite of good is [bad].
The opposite of black is [white].
The opposite of day is [night].
The opposite of old is [young|new].
The opposite of rich is [poor].
The opposite of long is [short].
The opposite of tall is [short|small].
The opposite of left is [right].
The opposite of up is [down].
The opposite of fast is [slow].
The opposite of happy is [sad|unhappy].
The opposite of love is [hate].
The opposite of early is [late].
The opposite of open is [closed].
The opposite of easy is [difficult|hard].
The opposite of cold is [hot|warm].
The opposite of light is [dark|heavy].
Not hot, but [cold].
My mother's sister is my [aunt].
My mother's brother is my [uncle].
My father's sister is my [aunt].
My father's father is my [grandfather].
My mother's mother is my [grandmother].
My brother's son is my [nephew].
My sister's daughter is my [niece].
My uncle's son is my [cousin].
My mother and [father] are at home.
I have two brothers and one [sister].
They have two sons and a [daughter].
He is married and has two [children].
My wife and I have three [children].
My husband and I have a [son|daughter|dog|cat].
She is pregnant and will have a [baby].
The young of a dog is a [puppy].
A young cat is called a [kitten].
The man worked as a [doctor|teacher|lawyer|carpenter|driver|mechanic|waiter|farmer].
The woman worked as a [doctor|teacher|lawyer|nurse|waitress|secretary|driver|farmer].
She works as a [nurse|teacher|doctor|secretary|waitress].
He works as a [teacher|doctor|driver|waiter|cook|mechanic].
My father is a [doctor|teacher|farmer|lawyer|policeman].
My mother is a [teacher|doctor|nurse|lawyer].
I want to become a [doctor|teacher|pilot|nurse].
A [teacher] works at a school.
A [doctor] works in a hospital.
A [nurse] helps the doctor in the hospital.
A [baker] makes bread.
A [farmer] has cows and pigs.
A [pilot] flies planes.
The [pilot] flew the plane.
The [doctor] examined the patient.
The [teacher] asked the students a question.
The students asked the [teacher] a question.
The pupils listen to their [teacher].
The [police] arrested the thief.
The thief was caught by the [police].
The firemen came to put out the [fire].
The house is on [fire].
I drink a cup of [tea|coffee] every day.
He drinks a cup of [coffee|tea] in the morning.
I would like a glass of [water|wine|milk], please.
She drank a glass of [water|wine|milk|juice].
Please give me a bottle of [water|wine|beer].
I would like a slice of [bread|cake|pizza].
We need some bread and [butter].
I eat bread with butter and [jam|cheese].
I had eggs and [bacon] for breakfast.
I had toast and eggs for [breakfast].
We eat [dinner|lunch] together.
What's for [dinner|lunch|breakfast]?
They ate in a [restaurant].
We had lunch at a small [restaurant].
I am [hungry], let's eat something.
I am [thirsty], I need some water.
I am [tired], I want to sleep.
He was so [hungry] that he ate everything.
I go to [bed] at ten o'clock.
The doctor told him to stay in [bed].
I get up at seven o'clock in the [morning].
The store opens at eight in the [morning].
We watch television in the [evening].
He cut the meat with a [knife].
I eat soup with a [spoon].
She opened the door with her [key].
I need a [key] for this door.
I lost my [keys|wallet|phone|umbrella].
She put on her hat and [coat|gloves].
He took off his shoes and [socks].
He put on his coat and [hat|gloves|shoes|left].
She wore a beautiful [dress].
Wash it with soap and [water].
It's dark in here, turn on the [light].
It is raining, take an [umbrella].
I go to work by [car|bus|train|bike].
I take the [bus|train] to school.
He goes to school by [bus|bike].
She drives a red [car].
The bus stops at the next [corner|station|stop].
The plane landed at the [airport].
The train arrives at the [station].
The ship sailed across the [ocean|sea].
I am reading a good [book].
She reads her children a [story|book].
He is reading the [newspaper].
I wrote a [letter|book].
I listen to [music] every day.
She plays the [piano|guitar|violin] very well.
He plays [football|soccer|tennis|basketball|chess] with his friends.
The boys are playing [football|soccer|baseball].
He kicked the [ball].
The boy threw the [ball] to his friend.
The dog is running after the [ball|cat].
The dog is a man's best [friend].
She is my best [friend].
I'm afraid of [dogs|snakes|spiders|heights].
We live in a small house with a [garden].
They have a house with a big [garden].
My room is [small|big|clean].
I have a [question].
May I ask you a [question]?
That is a good [idea|question].
The [answer] to your question is no.
I do not understand this [word|sentence|question].
My computer is [slow|broken|old].
The [computer] is not working.
The internet is very [slow] today.
I forgot my [password].
Machine [learning] is interesting.
We learn about machine [learning].
The [model] learns from data.
The weather is [nice|fine|bad|beautiful|good] today.
What is the [weather] like today?
It is [cold|hot|warm|raining] today.
It's [raining], take an umbrella.
It is [snowing], the children are happy.
I'm learning [english|french|german|spanish].
Do you speak [english|french|german]?
I speak English and [french|german|spanish].
Can you [help] me, please?
Can you [swim]?
I can't [find] my keys.
I don't [know] what to do.
I don't [understand] what you are saying.
I have to [go] now.
I want to [go] home.
I miss you and I [love] you.
Where is the nearest [bank|station|hospital|hotel]?
Excuse me, is there a [bank|hotel|restaurant|supermarket] near here?
He lives in a big [city|house].
They live in [london|paris|berlin|rome|tokyo].
"""

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December".split()
)
NEXT = """
The day after {0} is [{1}].
After {0} comes [{1}].
{1} is the day after [{0}].
{0} is followed by [{1}].
The day before {1} is [{0}].
Today is {0}, so tomorrow is [{1}].
Today is {1}. Yesterday was [{0}].
Tomorrow is {1}, so today is [{0}].
{0}, [{1}]
"""
NEXT_MONTH = """
The month after {0} is [{1}].
After {0} comes [{1}].
{1} comes after [{0}].
The month before {1} is [{0}].
{0} comes before [{1}].
{0} is the month before [{1}].
"""
MONTH_FACTS = """
Christmas is in [december].
Halloween is in [october].
The year begins in [january].
The last month of the year is [december].
The first month of the year is [january].
My birthday is in [{0}].
I was born in [{0}].
She was born in [{0}].
We are getting married in [{0}].
School starts in [september].
"""
DAY_FACTS = """
The week begins on [monday].
We do not work on [sunday|saturday].
The shops are closed on [sunday|sundays].
I will see you on [{0}].
Today is [{0}].
Yesterday was [{0}].
The meeting is on [{0}].
"""
NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty".split()
)
SUMS = """
{a} plus {b} is [{c}].
{a} and {b} is [{c}].
{a} plus {b} equals [{c}].
{a} plus {b} makes [{c}].
{a} + {b} = [{c}]
{c} minus {b} is [{a}].
"""
CONTINENTS = """
{x} is a country in [{c}].
{x} is in [{c}].
{x} lies in [{c}].
"""
LANGUAGES = """
People in {x} speak [{l}].
In {x} they speak [{l}].
The language of {x} is [{l}].
They speak [{l}] in {x}.
"""
CITIES = """
{y} is a city in [{x}].
{y} is a big city in [{x}].
{y} is in [{x}].
"""
NAMES = "Anna Tom Mary Peter Susan Paul Jane Ben Lisa John".split()


def common_knowledge(rows, rng):
    """Make (sentence, words to hide) pairs; `rows` are the countries of countries.tsv."""
    sentences = [phrase.replace("{name}", rng.choice(NAMES)) for phrase in split(PHRASES)]
    for days, wordings, facts in ((DAYS, NEXT, DAY_FACTS), (MONTHS, NEXT_MONTH, MONTH_FACTS)):
        for i, day in enumerate(days):
            sentences += [text.format(day, days[(i + 1) % len(days)]) for text in split(wordings)]
            sentences += [text.format(day) for text in split(facts)]
    for a, b in itertools.product(range(1, 11), repeat=2):
        figures = rng.random() < 0.5
        said = [str(n) if figures else NUMBERS[n] for n in (a, b, a + b)]
        text = rng.choice(split(SUMS)).format(a=said[0], b=said[1], c=said[2])
        sentences.append(text[:1].upper() + text[1:])
    for row in rows:
        words = {"x": row["country"], "y": row["capital"], "c": row["continent"].split()[-1]}
        sentences.append(rng.choice(split(CONTINENTS)).format(**words))
        sentences.append(rng.choice(split(CITIES)).format(**words))
        if "/" not in row["languages"]:
            sentences.append(rng.choice(split(LANGUAGES)).format(l=row["languages"], **words))
    pairs = []
    for sentence in sentences:
        before, answers, after = sentence.replace("]", "[").split("[")
        answer = rng.choice(answers.split("|"))
        pairs.append((before + answer + after, answer))
    return pairs


def split(text):
    """Split a text into its lines."""
    return text.strip().splitlines()
