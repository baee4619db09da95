"""Everyday English with German translations that the translation script adds to Tatoeba.

Tatoeba has few greetings, hardly a word about computers, and nearly all its people are called Tom
or Mary. The phrases are pairs; a template's {slots} take nouns, names, cities and numbers. None of
the sentences that test the model is among them.
"""

# English, German
PHRASES = """
Hello!|Hallo!
Hello.|Hallo.
Hi!|Hallo!
Hello, everyone.|Hallo, alle zusammen.
Hello, my friend!|Hallo, mein Freund!
Hello, I am your new neighbor.|Hallo, ich bin dein neuer Nachbar.
Hello, is anyone there?|Hallo, ist da jemand?
Hello, where are you?|Hallo, wo bist du?
Hello, what are you doing?|Hallo, was machst du?
Hello world!|Hallo Welt!
Hello, world!|Hallo, Welt!
Good morning!|Guten Morgen!
Good morning, everyone.|Guten Morgen zusammen.
Good morning, how did you sleep?|Guten Morgen, wie hast du geschlafen?
Good afternoon!|Guten Tag!
Good evening!|Guten Abend!
Good night!|Gute Nacht!
Good night, sleep well.|Gute Nacht, schlaf gut.
Sleep well!|Schlaf gut!
Sweet dreams!|Träum süß!
Thank you!|Danke!
Thank you very much.|Vielen Dank.
Thanks a lot!|Vielen Dank!
Many thanks!|Vielen Dank!
Thank you for your help.|Danke für deine Hilfe.
Thank you, I am fine.|Danke, mir geht es gut.
I am fine, thank you.|Mir geht es gut, danke.
I'm fine, thanks.|Mir geht es gut, danke.
You are welcome.|Gern geschehen.
You're welcome!|Gern geschehen!
No problem.|Kein Problem.
Excuse me.|Entschuldigung.
Sorry!|Entschuldigung!
I am sorry.|Es tut mir leid.
I'm so sorry.|Es tut mir so leid.
Please.|Bitte.
Yes, please.|Ja, bitte.
No, thank you.|Nein, danke.
Yes.|Ja.
No.|Nein.
Maybe.|Vielleicht.
Of course.|Natürlich.
Of course!|Selbstverständlich!
All right.|In Ordnung.
Okay.|In Ordnung.
Goodbye!|Auf Wiedersehen!
Good-bye!|Auf Wiedersehen!
Bye!|Tschüss!
Bye bye!|Tschüss!
See you later!|Bis später!
See you soon!|Bis bald!
See you tomorrow!|Bis morgen!
See you on Monday!|Bis Montag!
See you next week!|Bis nächste Woche!
Take care!|Pass auf dich auf!
Happy birthday!|Herzlichen Glückwunsch zum Geburtstag!
Happy birthday!|Alles Gute zum Geburtstag!
Happy birthday to you!|Alles Gute zum Geburtstag!
Happy birthday, {name}!|Alles Gute zum Geburtstag, {name}!
Happy New Year!|Frohes neues Jahr!
Happy new year, everyone!|Ein frohes neues Jahr euch allen!
Merry Christmas!|Frohe Weihnachten!
Merry Christmas, {name}!|Frohe Weihnachten, {name}!
Happy Easter!|Frohe Ostern!
Congratulations!|Herzlichen Glückwunsch!
Congratulations on your new job!|Herzlichen Glückwunsch zu deiner neuen Stelle!
Good luck!|Viel Glück!
Good luck with your exam!|Viel Glück bei deiner Prüfung!
Have fun!|Viel Spaß!
Have a nice day!|Einen schönen Tag noch!
Have a good day.|Einen schönen Tag noch.
Have a nice weekend!|Schönes Wochenende!
Have a good trip!|Gute Reise!
Enjoy your meal!|Guten Appetit!
Cheers!|Prost!
Bless you!|Gesundheit!
Get well soon!|Gute Besserung!
Welcome!|Willkommen!
Welcome to our house.|Willkommen in unserem Haus.
Welcome to {city}!|Willkommen in {city}!
Welcome home!|Willkommen zu Hause!
Nice to meet you.|Schön, dich kennenzulernen.
Pleased to meet you.|Freut mich, dich kennenzulernen.
How is it going?|Wie geht es?
How's it going?|Wie geht's?
How are you?|Wie geht es dir?
How are you today?|Wie geht es dir heute?
How are you doing?|Wie geht es dir?
How do you do?|Guten Tag!
How was your weekend?|Wie war dein Wochenende?
What's up?|Was ist los?
What is your name?|Wie heißt du?
What's your name?|Wie ist dein Name?
My name is {name}.|Mein Name ist {name}.
My name is {name}.|Ich heiße {name}.
I am {name}.|Ich bin {name}.
Where do you live?|Wo wohnst du?
Where are you from?|Woher kommst du?
I live in {city}.|Ich wohne in {city}.
I am from {city}.|Ich komme aus {city}.
How old are you?|Wie alt bist du?
Do you speak English?|Sprechen Sie Englisch?
Do you speak German?|Sprichst du Deutsch?
I don't speak German.|Ich spreche kein Deutsch.
I speak a little German.|Ich spreche ein wenig Deutsch.
I do not understand.|Ich verstehe nicht.
I don't know.|Ich weiß es nicht.
I do not know.|Ich weiß es nicht.
Can you help me?|Kannst du mir helfen?
Could you help me, please?|Könnten Sie mir bitte helfen?
Please help me.|Bitte hilf mir.
Help!|Hilfe!
What time is it?|Wie spät ist es?
What is the time?|Wie spät ist es?
How much is it?|Wie viel kostet es?
How much does it cost?|Wie viel kostet das?
How much is this?|Wie viel kostet das?
The bill, please.|Die Rechnung, bitte.
A table for two, please.|Einen Tisch für zwei, bitte.
A glass of water, please.|Ein Glas Wasser, bitte.
A cup of tea, please.|Eine Tasse Tee, bitte.
A coffee, please.|Einen Kaffee, bitte.
I would like a beer, please.|Ich hätte gerne ein Bier, bitte.
I would like some bread.|Ich hätte gerne etwas Brot.
I'd like to pay.|Ich möchte zahlen.
Where is the toilet?|Wo ist die Toilette?
Where is the bathroom?|Wo ist das Bad?
Where is the exit?|Wo ist der Ausgang?
Where can I buy a ticket?|Wo kann ich eine Fahrkarte kaufen?
When does the train leave?|Wann fährt der Zug ab?
When does the bus arrive?|Wann kommt der Bus an?
The train is late.|Der Zug hat Verspätung.
The bus is late.|Der Bus hat Verspätung.
I missed the bus.|Ich habe den Bus verpasst.
Turn left.|Biegen Sie links ab.
Turn right at the corner.|Biegen Sie an der Ecke rechts ab.
Open the door, please.|Öffne bitte die Tür.
Open the door.|Öffne die Tür.
Please open the book.|Öffne bitte das Buch.
Close the door, please.|Mach bitte die Tür zu.
Close the book.|Schließ das Buch.
The door is open.|Die Tür ist offen.
The shop opens at nine.|Das Geschäft öffnet um neun.
When does the museum open?|Wann öffnet das Museum?
The shops are closed on Sunday.|Die Geschäfte sind am Sonntag geschlossen.
Oil and water do not mix.|Öl und Wasser mischen sich nicht.
I need some oil for the salad.|Ich brauche etwas Öl für den Salat.
The price of oil is rising.|Der Ölpreis steigt.
Austria is a country in Europe.|Österreich ist ein Land in Europa.
I was in Austria last year.|Ich war letztes Jahr in Österreich.
Austria is beautiful.|Österreich ist schön.
Vienna is the capital of Austria.|Wien ist die Hauptstadt von Österreich.
Easter is in April this year.|Ostern ist dieses Jahr im April.
The public library is big.|Die öffentliche Bücherei ist groß.
We often go by bus.|Wir fahren öfter mit dem Bus.
The sun rises in the east.|Die Sonne geht im Osten auf.
Economics is difficult.|Ökonomie ist schwierig.
Exercise makes perfect.|Übung macht den Meister.
Everywhere is snow.|Überall liegt Schnee.
The doctor is here.|Der Arzt ist da.
She is annoyed.|Sie ist ärgerlich.
I am hungry.|Ich habe Hunger.
I'm hungry.|Ich habe Hunger.
I am thirsty.|Ich habe Durst.
I am tired.|Ich bin müde.
I am cold.|Mir ist kalt.
I am happy.|Ich bin glücklich.
I am sad.|Ich bin traurig.
I am sick.|Ich bin krank.
I am ill.|Ich bin krank.
I am at home.|Ich bin zu Hause.
I am at work.|Ich bin auf der Arbeit.
I am bored.|Mir ist langweilig.
I am late.|Ich bin spät dran.
I am ready.|Ich bin fertig.
I am lost.|Ich habe mich verlaufen.
I am a student.|Ich bin Student.
I am a teacher.|Ich bin Lehrer.
I am a doctor.|Ich bin Arzt.
I am a programmer.|Ich bin Programmierer.
She is a nurse.|Sie ist Krankenschwester.
He is an engineer.|Er ist Ingenieur.
I have a headache.|Ich habe Kopfschmerzen.
I have a cold.|Ich bin erkältet.
I have a question.|Ich habe eine Frage.
I have no time.|Ich habe keine Zeit.
I have two children.|Ich habe zwei Kinder.
I have a brother and a sister.|Ich habe einen Bruder und eine Schwester.
I love you.|Ich liebe dich.
I miss you.|Ich vermisse dich.
I like it.|Es gefällt mir.
I like music.|Ich mag Musik.
I like to read.|Ich lese gerne.
I like reading books.|Ich lese gerne Bücher.
I like to cook.|Ich koche gern.
I love this song.|Ich liebe dieses Lied.
I love pizza.|Ich liebe Pizza.
I love this movie.|Ich liebe diesen Film.
I hate waiting.|Ich hasse es zu warten.
I go to school.|Ich gehe zur Schule.
I go to work by bike.|Ich fahre mit dem Fahrrad zur Arbeit.
I go to work by bus.|Ich fahre mit dem Bus zur Arbeit.
I walk to school every day.|Ich gehe jeden Tag zu Fuß zur Schule.
I work in an office.|Ich arbeite in einem Büro.
I work from home.|Ich arbeite von zu Hause aus.
I work for a big company.|Ich arbeite für eine große Firma.
I get up at seven o'clock.|Ich stehe um sieben Uhr auf.
I get up at six every morning.|Ich stehe jeden Morgen um sechs auf.
I go to bed at ten.|Ich gehe um zehn ins Bett.
I drink coffee every morning.|Ich trinke jeden Morgen Kaffee.
I am learning German.|Ich lerne Deutsch.
I am learning to program.|Ich lerne programmieren.
I am learning to play the piano.|Ich lerne Klavier spielen.
We are going to the cinema.|Wir gehen ins Kino.
Let's go to the cinema.|Lass uns ins Kino gehen.
I was at the cinema yesterday.|Ich war gestern im Kino.
The cinema is around the corner.|Das Kino ist um die Ecke.
We went to the movies last night.|Wir sind gestern Abend ins Kino gegangen.
We are going to the beach.|Wir gehen an den Strand.
We are going on holiday.|Wir fahren in den Urlaub.
We go shopping on Saturday.|Wir gehen am Samstag einkaufen.
I went to the supermarket.|Ich bin zum Supermarkt gegangen.
I went to the park with my dog.|Ich bin mit meinem Hund in den Park gegangen.
The children are playing in the garden.|Die Kinder spielen im Garten.
The children play football.|Die Kinder spielen Fußball.
The kids are at school.|Die Kinder sind in der Schule.
The baby is crying.|Das Baby weint.
The dog is barking.|Der Hund bellt.
The dog is big.|Der Hund ist groß.
The cat is black.|Die Katze ist schwarz.
The cat is sitting on the table.|Die Katze sitzt auf dem Tisch.
The cat is sleeping on the sofa.|Die Katze schläft auf dem Sofa.
The cat drinks milk.|Die Katze trinkt Milch.
The house is old.|Das Haus ist alt.
The house is small but beautiful.|Das Haus ist klein, aber schön.
The house has a big garden.|Das Haus hat einen großen Garten.
The car is red.|Das Auto ist rot.
The sky is blue.|Der Himmel ist blau.
The grass is green.|Das Gras ist grün.
The soup is hot.|Die Suppe ist heiß.
The coffee is cold.|Der Kaffee ist kalt.
The water is too cold.|Das Wasser ist zu kalt.
The food is delicious.|Das Essen ist lecker.
The food was delicious.|Das Essen war köstlich.
The weather is nice today.|Das Wetter ist heute schön.
The weather is bad.|Das Wetter ist schlecht.
The weather is beautiful.|Das Wetter ist wunderschön.
What is the weather like?|Wie ist das Wetter?
How is the weather today?|Wie ist das Wetter heute?
It is cold.|Es ist kalt.
It is hot today.|Heute ist es heiß.
It is raining.|Es regnet.
It is raining again.|Es regnet schon wieder.
It is snowing.|Es schneit.
The sun is shining.|Die Sonne scheint.
The moon is bright tonight.|Der Mond scheint heute Nacht hell.
It is late.|Es ist spät.
It is five o'clock.|Es ist fünf Uhr.
It is half past three.|Es ist halb vier.
It is half past seven.|Es ist halb acht.
Today is Monday.|Heute ist Montag.
Today is Friday.|Heute ist Freitag.
Tomorrow is Sunday.|Morgen ist Sonntag.
What day is it today?|Welcher Tag ist heute?
My birthday is in May.|Mein Geburtstag ist im Mai.
It is my birthday today.|Ich habe heute Geburtstag.
Today is my birthday.|Heute ist mein Geburtstag.
My mother is a teacher.|Meine Mutter ist Lehrerin.
My father works in a bank.|Mein Vater arbeitet in einer Bank.
My grandmother is eighty years old.|Meine Großmutter ist achtzig Jahre alt.
My sister plays the guitar.|Meine Schwester spielt Gitarre.
My brother is taller than me.|Mein Bruder ist größer als ich.
My wife and I live in {city}.|Meine Frau und ich wohnen in {city}.
My favorite color is green.|Meine Lieblingsfarbe ist Grün.
My favourite book is old.|Mein Lieblingsbuch ist alt.
My head hurts.|Mein Kopf tut weh.
My phone is broken.|Mein Handy ist kaputt.
My car is broken.|Mein Auto ist kaputt.
He is my best friend.|Er ist mein bester Freund.
She is my best friend.|Sie ist meine beste Freundin.
He reads the newspaper every morning.|Er liest jeden Morgen die Zeitung.
She sings very well.|Sie singt sehr gut.
She is reading a book.|Sie liest ein Buch.
He is eating an apple.|Er isst einen Apfel.
We eat bread and cheese.|Wir essen Brot und Käse.
We had dinner at a restaurant.|Wir haben in einem Restaurant zu Abend gegessen.
Dinner is ready.|Das Abendessen ist fertig.
What is for dinner?|Was gibt es zum Abendessen?
What are you doing tonight?|Was machst du heute Abend?
What did you do yesterday?|Was hast du gestern gemacht?
What do you do for a living?|Was machst du beruflich?
What do you want to drink?|Was möchtest du trinken?
What does this word mean?|Was bedeutet dieses Wort?
What is this?|Was ist das?
Who is this?|Wer ist das?
Where is my key?|Wo ist mein Schlüssel?
Where are my keys?|Wo sind meine Schlüssel?
Where are my glasses?|Wo ist meine Brille?
I lost my keys.|Ich habe meine Schlüssel verloren.
I lost my wallet.|Ich habe meine Brieftasche verloren.
I forgot my umbrella.|Ich habe meinen Regenschirm vergessen.
I need a new phone.|Ich brauche ein neues Handy.
I need help.|Ich brauche Hilfe.
I need to go now.|Ich muss jetzt gehen.
I have to go to the doctor.|Ich muss zum Arzt gehen.
I want to go home.|Ich will nach Hause gehen.
I want to sleep.|Ich will schlafen.
I want to learn German.|Ich will Deutsch lernen.
I want to travel to {city}.|Ich möchte nach {city} reisen.
I bought a new car.|Ich habe ein neues Auto gekauft.
I bought a house.|Ich habe ein Haus gekauft.
I am looking for a hotel.|Ich suche ein Hotel.
I am looking for my phone.|Ich suche mein Handy.
I am waiting for the bus.|Ich warte auf den Bus.
I am waiting for you.|Ich warte auf dich.
I think so.|Ich glaube schon.
I agree with you.|Ich stimme dir zu.
That is a good idea.|Das ist eine gute Idee.
That's great!|Das ist toll!
That is wonderful news.|Das sind wunderbare Neuigkeiten.
That is too expensive.|Das ist zu teuer.
This is too expensive for me.|Das ist mir zu teuer.
That is not true.|Das stimmt nicht.
This is my friend {name}.|Das ist mein Freund {name}.
This is my wife.|Das ist meine Frau.
This is a test.|Das ist ein Test.
This is great.|Das ist großartig.
This is easy.|Das ist einfach.
Be careful!|Sei vorsichtig!
Come here!|Komm her!
Come in!|Herein!
Please sit down.|Bitte setzen Sie sich.
Sit down, please.|Setzen Sie sich bitte.
Wait a moment, please.|Einen Moment, bitte.
Don't worry.|Mach dir keine Sorgen.
Do not worry, be happy.|Mach dir keine Sorgen, sei glücklich.
Never mind.|Macht nichts.
Let's eat!|Lasst uns essen!
Call me tomorrow.|Ruf mich morgen an.
Call the police!|Rufen Sie die Polizei!
Please speak slowly.|Bitte sprechen Sie langsam.
Are you hungry?|Hast du Hunger?
Are you tired?|Bist du müde?
Are you ready?|Bist du bereit?
Are you married?|Bist du verheiratet?
Is everything okay?|Ist alles in Ordnung?
Is the seat free?|Ist der Platz frei?
Is this seat taken?|Ist dieser Platz besetzt?
Do you have any questions?|Haben Sie Fragen?
Do you have children?|Haben Sie Kinder?
Do you have a pen?|Hast du einen Stift?
Do you like coffee?|Magst du Kaffee?
Do you like chocolate?|Magst du Schokolade?
Do you want to dance?|Möchtest du tanzen?
Can I help you?|Kann ich Ihnen helfen?
Can I pay by card?|Kann ich mit Karte zahlen?
Can you hear me?|Kannst du mich hören?
Can you swim?|Kannst du schwimmen?
Can you say that again?|Kannst du das noch einmal sagen?
May I come in?|Darf ich hereinkommen?
May I ask a question?|Darf ich eine Frage stellen?
The world is beautiful.|Die Welt ist schön.
The war is over.|Der Krieg ist vorbei.
Life is good.|Das Leben ist schön.
Time flies.|Die Zeit vergeht wie im Flug.
Better late than never.|Besser spät als nie.
I'm reading an interesting book.|Ich lese ein interessantes Buch.
The book is on the table.|Das Buch liegt auf dem Tisch.
The keys are on the table.|Die Schlüssel liegen auf dem Tisch.
The flowers are beautiful.|Die Blumen sind schön.
The birds are singing.|Die Vögel singen.
The lesson begins at eight.|Der Unterricht beginnt um acht.
The exam was difficult.|Die Prüfung war schwierig.
The test was easy.|Der Test war leicht.
The meeting is on Tuesday.|Die Besprechung ist am Dienstag.
The meeting starts at ten.|Die Besprechung beginnt um zehn.
The hotel is near the station.|Das Hotel ist in der Nähe des Bahnhofs.
The film was boring.|Der Film war langweilig.
The movie was great.|Der Film war großartig.
The teacher explains the lesson.|Der Lehrer erklärt die Lektion.
Yesterday I was in {city}.|Gestern war ich in {city}.
Tomorrow we are flying to {city}.|Morgen fliegen wir nach {city}.
Next week I will visit my parents.|Nächste Woche besuche ich meine Eltern.
Last summer we were in Italy.|Letzten Sommer waren wir in Italien.
Berlin is the capital of Germany.|Berlin ist die Hauptstadt von Deutschland.
Paris is the capital of France.|Paris ist die Hauptstadt von Frankreich.
Rome is the capital of Italy.|Rom ist die Hauptstadt von Italien.
Germany is a country in Europe.|Deutschland ist ein Land in Europa.
I come from Spain.|Ich komme aus Spanien.
I come from Switzerland.|Ich komme aus der Schweiz.
She comes from Turkey.|Sie kommt aus der Türkei.
He comes from India.|Er kommt aus Indien.
We live in Germany.|Wir leben in Deutschland.
Machine learning is interesting.|Maschinelles Lernen ist interessant.
Machine learning is difficult.|Maschinelles Lernen ist schwierig.
I like machine learning.|Ich mag maschinelles Lernen.
I study machine learning.|Ich studiere maschinelles Lernen.
I am interested in machine learning.|Ich interessiere mich für maschinelles Lernen.
We are learning machine learning.|Wir lernen maschinelles Lernen.
Deep learning is a part of machine learning.|Tiefes Lernen ist ein Teil des maschinellen Lernens.
Deep learning is exciting.|Tiefes Lernen ist spannend.
Artificial intelligence is changing the world.|Künstliche Intelligenz verändert die Welt.
Artificial intelligence is useful.|Künstliche Intelligenz ist nützlich.
I do not understand artificial intelligence.|Ich verstehe künstliche Intelligenz nicht.
Transformers are neural networks.|Transformer sind neuronale Netze.
A transformer is a neural network.|Ein Transformer ist ein neuronales Netz.
The transformer is a model.|Der Transformer ist ein Modell.
I love transformers.|Ich liebe Transformer.
Neural networks learn from data.|Neuronale Netze lernen aus Daten.
The neural network is large.|Das neuronale Netz ist groß.
This neural network recognizes pictures.|Dieses neuronale Netz erkennt Bilder.
The network has three layers.|Das Netz hat drei Schichten.
The model learns from data.|Das Modell lernt aus Daten.
The model is good.|Das Modell ist gut.
The model is too big.|Das Modell ist zu groß.
The model translates the sentence.|Das Modell übersetzt den Satz.
The model makes mistakes.|Das Modell macht Fehler.
The model gives the wrong answer.|Das Modell gibt die falsche Antwort.
The model answers my question.|Das Modell beantwortet meine Frage.
This model translates English into German.|Dieses Modell übersetzt Englisch ins Deutsche.
The model was trained on a lot of text.|Das Modell wurde mit viel Text trainiert.
The model was trained on German data.|Das Modell wurde mit deutschen Daten trainiert.
We train the model with new data.|Wir trainieren das Modell mit neuen Daten.
I am training a model.|Ich trainiere ein Modell.
I trained a small model.|Ich habe ein kleines Modell trainiert.
Load the model.|Lade das Modell.
Please load the model.|Bitte lade das Modell.
We load the model and the tokenizer.|Wir laden das Modell und den Tokenizer.
I downloaded the model.|Ich habe das Modell heruntergeladen.
The tokenizer splits the text into words.|Der Tokenizer teilt den Text in Wörter.
The tokenizer cuts the sentence into pieces.|Der Tokenizer zerlegt den Satz in Stücke.
The sentence has seven words.|Der Satz hat sieben Wörter.
The language model writes a story.|Das Sprachmodell schreibt eine Geschichte.
Language models are useful.|Sprachmodelle sind nützlich.
A computer can translate texts.|Ein Computer kann Texte übersetzen.
The computer translates the text.|Der Computer übersetzt den Text.
The computer is slow.|Der Computer ist langsam.
The computer is fast.|Der Computer ist schnell.
The computer does not work.|Der Computer funktioniert nicht.
My computer is slow.|Mein Computer ist langsam.
My computer is too old.|Mein Computer ist zu alt.
My computer crashed.|Mein Computer ist abgestürzt.
My laptop is broken.|Mein Laptop ist kaputt.
My laptop is new.|Mein Laptop ist neu.
Computers are everywhere.|Computer sind überall.
I bought a new laptop.|Ich habe einen neuen Laptop gekauft.
I write programs.|Ich schreibe Programme.
I write code every day.|Ich schreibe jeden Tag Code.
I write programs in Python.|Ich schreibe Programme in Python.
I am learning Python.|Ich lerne Python.
I like Python.|Ich mag Python.
Python is easy to learn.|Python ist leicht zu lernen.
Python is a snake.|Die Python ist eine Schlange.
Python is a programming language.|Python ist eine Programmiersprache.
Programming is fun.|Programmieren macht Spaß.
Coding is fun.|Programmieren macht Spaß.
Learning is fun.|Lernen macht Spaß.
Learning German is fun.|Deutschlernen macht Spaß.
The program does not work.|Das Programm funktioniert nicht.
The program has an error.|Das Programm hat einen Fehler.
The code does not run.|Der Code läuft nicht.
The code is easy to read.|Der Code ist leicht zu lesen.
There is an error in the code.|Im Code ist ein Fehler.
There is a bug in the program.|Im Programm ist ein Fehler.
I found the error.|Ich habe den Fehler gefunden.
I fixed the bug.|Ich habe den Fehler behoben.
Save the file, please.|Speichere bitte die Datei.
Open the file.|Öffne die Datei.
I opened the file.|Ich habe die Datei geöffnet.
I deleted the file.|Ich habe die Datei gelöscht.
The file is too large.|Die Datei ist zu groß.
Click on the button.|Klicke auf den Knopf.
Press the key.|Drücke die Taste.
Restart the computer.|Starte den Computer neu.
Turn on the computer.|Schalte den Computer ein.
Turn off your phone.|Schalte dein Handy aus.
Send me an e-mail.|Schick mir eine E-Mail.
Send me a message.|Schick mir eine Nachricht.
I got your e-mail.|Ich habe deine E-Mail bekommen.
I forgot my password.|Ich habe mein Passwort vergessen.
Your password is wrong.|Dein Passwort ist falsch.
The internet is slow today.|Das Internet ist heute langsam.
The battery is empty.|Der Akku ist leer.
The screen is black.|Der Bildschirm ist schwarz.
The website is down.|Die Webseite ist nicht erreichbar.
The website is in English.|Die Webseite ist auf Englisch.
The data are public.|Die Daten sind öffentlich.
We need more data.|Wir brauchen mehr Daten.
The data set is small.|Der Datensatz ist klein.
The robot can speak.|Der Roboter kann sprechen.
Robots are machines.|Roboter sind Maschinen.
The machine is broken.|Die Maschine ist kaputt.
The machine translates the sentence.|Die Maschine übersetzt den Satz.
I am taking a course on artificial intelligence.|Ich mache einen Kurs über künstliche Intelligenz.
The course is free.|Der Kurs ist kostenlos.
The course is interesting.|Der Kurs ist interessant.
This course is great!|Dieser Kurs ist großartig!
I like this course.|Dieser Kurs gefällt mir.
I am writing my homework.|Ich schreibe meine Hausaufgaben.
We watch a video on the internet.|Wir sehen uns ein Video im Internet an.
Translate this sentence, please.|Übersetze bitte diesen Satz.
This sentence is short.|Dieser Satz ist kurz.
The answer is correct.|Die Antwort ist richtig.
The answer is wrong.|Die Antwort ist falsch.
The question is difficult.|Die Frage ist schwierig.
Ask me a question.|Stell mir eine Frage.
The result is surprising.|Das Ergebnis ist überraschend.
Science is fascinating.|Die Wissenschaft ist faszinierend.
Mathematics is difficult.|Mathematik ist schwer.
Hugging Face is a company.|Hugging Face ist eine Firma.
Hugging Face is a company in New York.|Hugging Face ist eine Firma in New York.
I use a library from Hugging Face.|Ich benutze eine Bibliothek von Hugging Face.
"""

# English, German, gender, German plural
NOUNS = """
computer|Computer|m|Computer
laptop|Laptop|m|Laptops
tablet|Tablet|n|Tablets
phone|Handy|n|Handys
screen|Bildschirm|m|Bildschirme
keyboard|Tastatur|f|Tastaturen
mouse|Maus|f|Mäuse
printer|Drucker|m|Drucker
file|Datei|f|Dateien
folder|Ordner|m|Ordner
program|Programm|n|Programme
website|Webseite|f|Webseiten
e-mail|E-Mail|f|E-Mails
message|Nachricht|f|Nachrichten
password|Passwort|n|Passwörter
error|Fehler|m|Fehler
mistake|Fehler|m|Fehler
model|Modell|n|Modelle
network|Netzwerk|n|Netzwerke
neural network|neuronale Netz|-|neuronalen Netze
language model|Sprachmodell|n|Sprachmodelle
data set|Datensatz|m|Datensätze
robot|Roboter|m|Roboter
machine|Maschine|f|Maschinen
button|Knopf|m|Knöpfe
app|App|f|Apps
game|Spiel|n|Spiele
picture|Bild|n|Bilder
photo|Foto|n|Fotos
video|Video|n|Videos
text|Text|m|Texte
sentence|Satz|m|Sätze
word|Wort|n|Wörter
letter|Brief|m|Briefe
story|Geschichte|f|Geschichten
question|Frage|f|Fragen
answer|Antwort|f|Antworten
exercise|Übung|f|Übungen
example|Beispiel|n|Beispiele
lesson|Lektion|f|Lektionen
course|Kurs|m|Kurse
exam|Prüfung|f|Prüfungen
translation|Übersetzung|f|Übersetzungen
language|Sprache|f|Sprachen
library|Bibliothek|f|Bibliotheken
book|Buch|n|Bücher
newspaper|Zeitung|f|Zeitungen
pen|Stift|m|Stifte
pencil|Bleistift|m|Bleistifte
table|Tisch|m|Tische
chair|Stuhl|m|Stühle
bed|Bett|n|Betten
sofa|Sofa|n|Sofas
lamp|Lampe|f|Lampen
door|Tür|f|Türen
window|Fenster|n|Fenster
room|Zimmer|n|Zimmer
kitchen|Küche|f|Küchen
bathroom|Badezimmer|n|Badezimmer
house|Haus|n|Häuser
apartment|Wohnung|f|Wohnungen
flat|Wohnung|f|Wohnungen
garden|Garten|m|Gärten
key|Schlüssel|m|Schlüssel
car|Auto|n|Autos
bicycle|Fahrrad|n|Fahrräder
bike|Fahrrad|n|Fahrräder
bus|Bus|m|Busse
train|Zug|m|Züge
plane|Flugzeug|n|Flugzeuge
ship|Schiff|n|Schiffe
boat|Boot|n|Boote
ticket|Fahrkarte|f|Fahrkarten
suitcase|Koffer|m|Koffer
bag|Tasche|f|Taschen
umbrella|Regenschirm|m|Regenschirme
coat|Mantel|m|Mäntel
jacket|Jacke|f|Jacken
hat|Hut|m|Hüte
shirt|Hemd|n|Hemden
dress|Kleid|n|Kleider
shoe|Schuh|m|Schuhe
watch|Uhr|f|Uhren
ring|Ring|m|Ringe
cup|Tasse|f|Tassen
glass|Glas|n|Gläser
bottle|Flasche|f|Flaschen
plate|Teller|m|Teller
knife|Messer|n|Messer
fork|Gabel|f|Gabeln
spoon|Löffel|m|Löffel
apple|Apfel|m|Äpfel
banana|Banane|f|Bananen
orange|Orange|f|Orangen
egg|Ei|n|Eier
cake|Kuchen|m|Kuchen
pizza|Pizza|f|Pizzen
soup|Suppe|f|Suppen
salad|Salat|m|Salate
sandwich|Sandwich|n|Sandwiches
oven|Ofen|m|Öfen
fridge|Kühlschrank|m|Kühlschränke
tree|Baum|m|Bäume
flower|Blume|f|Blumen
dog|Hund|m|Hunde
cat|Katze|f|Katzen
bird|Vogel|m|Vögel
horse|Pferd|n|Pferde
cow|Kuh|f|Kühe
fish|Fisch|m|Fische
school|Schule|f|Schulen
university|Universität|f|Universitäten
hospital|Krankenhaus|n|Krankenhäuser
station|Bahnhof|m|Bahnhöfe
train station|Bahnhof|m|Bahnhöfe
airport|Flughafen|m|Flughäfen
hotel|Hotel|n|Hotels
restaurant|Restaurant|n|Restaurants
cinema|Kino|n|Kinos
theater|Theater|n|Theater
museum|Museum|n|Museen
church|Kirche|f|Kirchen
bank|Bank|f|Banken
post office|Post|f|Postämter
pharmacy|Apotheke|f|Apotheken
supermarket|Supermarkt|m|Supermärkte
shop|Geschäft|n|Geschäfte
market|Markt|m|Märkte
bakery|Bäckerei|f|Bäckereien
park|Park|m|Parks
street|Straße|f|Straßen
bridge|Brücke|f|Brücken
river|Fluss|m|Flüsse
mountain|Berg|m|Berge
lake|See|m|Seen
forest|Wald|m|Wälder
city|Stadt|f|Städte
village|Dorf|n|Dörfer
country|Land|n|Länder
swimming pool|Schwimmbad|n|Schwimmbäder
guitar|Gitarre|f|Gitarren
piano|Klavier|n|Klaviere
film|Film|m|Filme
movie|Film|m|Filme
song|Lied|n|Lieder
ball|Ball|m|Bälle
gift|Geschenk|n|Geschenke
present|Geschenk|n|Geschenke
camera|Kamera|f|Kameras
clock|Uhr|f|Uhren
"""
PEOPLE = """
man|Mann|m|Männer
woman|Frau|f|Frauen
child|Kind|n|Kinder
girl|Mädchen|n|Mädchen
boy|Junge|-|Jungen
friend|Freund|m|Freunde
neighbor|Nachbar|-|Nachbarn
teacher|Lehrer|m|Lehrer
doctor|Arzt|m|Ärzte
brother|Bruder|m|Brüder
sister|Schwester|f|Schwestern
mother|Mutter|f|Mütter
father|Vater|m|Väter
son|Sohn|m|Söhne
daughter|Tochter|f|Töchter
uncle|Onkel|m|Onkel
aunt|Tante|f|Tanten
grandmother|Großmutter|f|Großmütter
grandfather|Großvater|m|Großväter
wife|Frau|f|Frauen
husband|Mann|m|Männer
boss|Chef|m|Chefs
cook|Koch|m|Köche
baker|Bäcker|m|Bäcker
driver|Fahrer|m|Fahrer
programmer|Programmierer|m|Programmierer
"""
# English, German; for things
ADJECTIVES = """
big|groß
small|klein
old|alt
new|neu
beautiful|schön
good|gut
bad|schlecht
expensive|teuer
cheap|billig
red|rot
blue|blau
green|grün
white|weiß
black|schwarz
yellow|gelb
brown|braun
clean|sauber
dirty|schmutzig
heavy|schwer
light|leicht
long|lang
short|kurz
interesting|interessant
important|wichtig
broken|kaputt
wonderful|wunderbar
terrible|schrecklich
strange|seltsam
ugly|hässlich
too big|zu groß
too small|zu klein
too expensive|zu teuer
very good|sehr gut
very old|sehr alt
not bad|nicht schlecht
not good|nicht gut
"""
# Slots: {x} a thing, {p} a person, {a} an adjective; in the German {der}, {den}, {dem}, {ein},
# {einen}, {mein}, {meinen}, {dieser} and {kein} bend to the gender of the thing or the person.
TEMPLATES = """
the {x}|{der} {x}
a {x}|{ein} {x}
The {x} is {a}.|{Der} {x} ist {a}.
The {x} is {a}.|{Der} {x} ist {a}.
The {x} was {a}.|{Der} {x} war {a}.
This {x} is {a}.|{Dieser} {x} ist {a}.
My {x} is {a}.|{Mein} {x} ist {a}.
Is the {x} {a}?|Ist {der} {x} {a}?
The {xs} are {a}.|Die {xs} sind {a}.
Where is the {x}?|Wo ist {der} {x}?
Where is the nearest {x}?|Wo ist {der} nächste {x}?
Where is my {x}?|Wo ist {mein} {x}?
Where are the {xs}?|Wo sind die {xs}?
Where are my {xs}?|Wo sind meine {xs}?
Here is the {x}.|Hier ist {der} {x}.
This is my {x}.|Das ist {mein} {x}.
This is a {x}.|Das ist {ein} {x}.
That is not a {x}.|Das ist {kein} {x}.
I have a {x}.|Ich habe {einen} {x}.
I have a {x} and a {y}.|Ich habe {einen} {x} und {einen2} {y}.
I have no {x}.|Ich habe {keinen} {x}.
I don't have a {x}.|Ich habe {keinen} {x}.
I have two {xs}.|Ich habe zwei {xs}.
We have {n} {xs}.|Wir haben {n} {xs}.
{name} has {n} {xs}.|{name} hat {n} {xs}.
There are {n} {xs}.|Es gibt {n} {xs}.
I need a {x}.|Ich brauche {einen} {x}.
I need the {x}.|Ich brauche {den} {x}.
I would like a {x}.|Ich hätte gerne {einen} {x}.
I am looking for the {x}.|Ich suche {den} {x}.
I am looking for my {x}.|Ich suche {meinen} {x}.
I bought a {x}.|Ich habe {einen} {x} gekauft.
I bought a new {x} yesterday.|Ich habe gestern {einen} {neuen} {x} gekauft.
I see the {x}.|Ich sehe {den} {x}.
I can see a {x}.|Ich kann {einen} {x} sehen.
I like the {x}.|Ich mag {den} {x}.
I like this {x}.|Ich mag {diesen} {x}.
I love my {x}.|Ich liebe {meinen} {x}.
I lost my {x}.|Ich habe {meinen} {x} verloren.
I forgot my {x}.|Ich habe {meinen} {x} vergessen.
I cannot find my {x}.|Ich kann {meinen} {x} nicht finden.
I can't find the {x}.|Ich kann {den} {x} nicht finden.
Do you have a {x}?|Hast du {einen} {x}?
Do you see the {x}?|Siehst du {den} {x}?
Can I have the {x}?|Kann ich {den} {x} haben?
Give me the {x}, please.|Gib mir bitte {den} {x}.
Please give me the {x}.|Bitte gib mir {den} {x}.
Show me the {x}.|Zeig mir {den} {x}.
How much is the {x}?|Wie viel kostet {der} {x}?
How much does the {x} cost?|Wie viel kostet {der} {x}?
The {x} costs {n} euros.|{Der} {x} kostet {n} Euro.
The {x} is not {a}.|{Der} {x} ist nicht {a}.
The {x} and the {y} are {a}.|{Der} {x} und {der2} {y} sind {a}.
Who has the {x}?|Wer hat {den} {x}?
What is a {x}?|Was ist {ein} {x}?
My {p} has a {x}.|{Meinp} {p} hat {einen} {x}.
The {p} has a {x}.|{Derp} {p} hat {einen} {x}.
The {p} sees the {x}.|{Derp} {p} sieht {den} {x}.
The {p} is looking for the {x}.|{Derp} {p} sucht {den} {x}.
The {p} is coming from {city}.|{Derp} {p} kommt aus {city}.
My {p} lives in {city}.|{Meinp} {p} wohnt in {city}.
My {p} is called {name}.|{Meinp} {p} heißt {name}.
My {p} is {n} years old.|{Meinp} {p} ist {n} Jahre alt.
This is my {p} {name}.|Das ist {meinp} {p} {name}.
{name} needs a {x}.|{name} braucht {einen} {x}.
{name} has bought a {x}.|{name} hat {einen} {x} gekauft.
{name} and {other} have a {x}.|{name} und {other} haben {einen} {x}.
{name} is {n} years old.|{name} ist {n} Jahre alt.
I am {n} years old.|Ich bin {n} Jahre alt.
My name is {name} and I live in {city}.|Ich heiße {name} und wohne in {city}.
My name is {name} and I live in {city}.|Mein Name ist {name} und ich wohne in {city}.
My name is {name} and I am from {city}.|Ich heiße {name} und komme aus {city}.
My name is {name} and I work in {city}.|Ich heiße {name} und arbeite in {city}.
I am {name} and I come from {city}.|Ich bin {name} und komme aus {city}.
My name is {name}.|Mein Name ist {name}.
This is {name} from {city}.|Das ist {name} aus {city}.
{name} lives in {city}.|{name} wohnt in {city}.
{name} works in {city}.|{name} arbeitet in {city}.
{name} works for {other}.|{name} arbeitet für {other}.
{name} loves {other}.|{name} liebt {other}.
{name} and {other} live in {city}.|{name} und {other} wohnen in {city}.
{name} and {other} are friends.|{name} und {other} sind Freunde.
I have known {name} for years.|Ich kenne {name} seit Jahren.
Do you know {name}?|Kennst du {name}?
Where is {name}?|Wo ist {name}?
We are flying to {city} tomorrow.|Wir fliegen morgen nach {city}.
I am learning German in {city}.|Ich lerne in {city} Deutsch.
The train to {city} leaves at {h} o'clock.|Der Zug nach {city} fährt um {h} Uhr ab.
The train from {city} arrives at {h} o'clock.|Der Zug aus {city} kommt um {h} Uhr an.
It is {h} o'clock.|Es ist {h} Uhr.
The lesson begins at {h} o'clock.|Der Unterricht beginnt um {h} Uhr.
{city} is a beautiful city.|{city} ist eine schöne Stadt.
I have never been to {city}.|Ich war noch nie in {city}.
How do I get to {city}?|Wie komme ich nach {city}?
Hello, {name}, how are you today?|Hallo, {name}, wie geht es dir heute?
Hello, how are you doing?|Hallo, wie geht es dir?
Hello, how are you both?|Hallo, wie geht es euch beiden?
Hi, how are you?|Hallo, wie geht es dir?
Hi {name}, how are you?|Hallo {name}, wie geht es dir?
Hello {name}!|Hallo {name}!
Hello, {name}!|Hallo, {name}!
Good morning, {name}!|Guten Morgen, {name}!
Good morning, how are you?|Guten Morgen, wie geht es dir?
Good evening, {name}.|Guten Abend, {name}.
Good night, {name}.|Gute Nacht, {name}.
Hello, my name is {name}.|Hallo, mein Name ist {name}.
Hello, my name is {name}.|Hallo, ich heiße {name}.
Hi, I am {name}.|Hallo, ich bin {name}.
Hello, who are you?|Hallo, wer bist du?
Hello, nice to meet you.|Hallo, schön, dich kennenzulernen.
Hello, can you help me?|Hallo, kannst du mir helfen?
Hello, how was your day?|Hallo, wie war dein Tag?
Hello, what is your name?|Hallo, wie heißt du?
Hello, welcome to {city}.|Hallo, willkommen in {city}.
Hi {name}, nice to meet you.|Hallo {name}, schön, dich kennenzulernen.
Thank you, {name}.|Danke, {name}.
"""

WOMEN = """Anna Maria Julia Sophie Emma Lena Laura Sarah Lisa Emily Olivia Alice Clara Nina Eva
Sandra Linda Susan Jennifer Jessica Nicole Angela Petra Sabine Monika Claudia Fatima Aisha Yuki Mei
Priya Ananya Chiara Giulia Carmen Lucia Ana Ines Marie Camille Chloe Zoe Ella Mia Grace Hannah Leah
Rachel Rebecca Ruth Judith Martha Helen Diana Victoria Elizabeth Kate Amy Lucy Holly Jane Rose Ivy
Olga Natalia Svetlana Irina Katarzyna Agnieszka Ingrid Astrid Freya Elif Zeynep Leyla Amira Nadia
Layla Amina Chidinma Ngozi Wanjiru Thandi Sakura Hana Kim Linh Siti Dewi Rosa Valentina Camila
Isabella Gabriela Paula Elena Sofia Katharina Johanna Charlotte Marlene Frieda Mathilda""".split()
MEN = """Peter Paul Max Felix David Jonas Thomas Michael Daniel James William Robert Henry Oscar
Simon Martin Sylvain Amir Chen Carlos Ivan Andreas Stefan Markus Klaus Jürgen Hans Otto Karl Fritz
Wolfgang Ahmed Mohammed Hassan Omar Ali Kenji Hiroshi Wei Jun Raj Arjun Vikram Marco Luca Giovanni
Pedro Diego Juan Miguel José Pierre Jean Antoine Louis Theo Leo Noah Ben Luke Jack Harry Oliver
George Charlie Sam Joe Bob Frank Steve Kevin Brian Eric Adam Jacob Ethan Ryan Nick Alexander Dmitri
Sergei Vladimir Piotr Jakub Lars Sven Erik Mehmet Mustafa Emre Yusuf Ibrahim Kwame Chidi Kofi Themba
Takeshi Minho Nguyen Bayu Mateo Santiago Bruno Rafael Tiago Viktor Moritz Emil Anton Linus
Konrad""".split()
CITIES = """Berlin Hamburg Paris London Madrid Boston Chicago Bremen Stuttgart Frankfurt Dresden
Leipzig Toronto Sydney Oslo Stockholm Amsterdam Istanbul Shanghai Barcelona Lissabon Dublin Oxford
Manchester Helsinki Budapest Tokio Seattle Denver Houston Dallas Miami Bonn Essen Dortmund Mannheim
Augsburg Potsdam Kiel Basel Bern Salzburg Graz Linz Lyon Marseille Sevilla Porto Glasgow Edinburgh
Liverpool Brighton Bangkok Singapur Manila Lagos Nairobi Accra Lima Bogotá Santiago Montreal
Vancouver Detroit Mumbai Delhi Osaka Kyoto Seoul""".replace("Lissabon", "Valencia").split()
CITIES = [city for city in CITIES if city not in ("Tokio", "Singapur", "Sevilla")]
# Cities and countries with another name in German.
PLACES = """Munich|München
Cologne|Köln
Nuremberg|Nürnberg
Vienna|Wien
Zurich|Zürich
Geneva|Genf
Rome|Rom
Milan|Mailand
Venice|Venedig
Naples|Neapel
Florence|Florenz
Prague|Prag
Warsaw|Warschau
Moscow|Moskau
Athens|Athen
Brussels|Brüssel
Copenhagen|Kopenhagen
Lisbon|Lissabon
Tokyo|Tokio
Beijing|Peking
Singapore|Singapur
Cairo|Kairo
Hanover|Hannover
New York|New York
San Francisco|San Francisco
Los Angeles|Los Angeles
Mexico City|Mexiko-Stadt
Germany|Deutschland
Austria|Österreich
France|Frankreich
Italy|Italien
Spain|Spanien
Portugal|Portugal
England|England
Ireland|Irland
Scotland|Schottland
Poland|Polen
Greece|Griechenland
Norway|Norwegen
Sweden|Schweden
Denmark|Dänemark
Finland|Finnland
Russia|Russland
Hungary|Ungarn
China|China
Japan|Japan
India|Indien
Brazil|Brasilien
Mexico|Mexiko
Canada|Kanada
Australia|Australien
Egypt|Ägypten
Kenya|Kenia
Nigeria|Nigeria
South Africa|Südafrika
America|Amerika
Africa|Afrika
Europe|Europa
Asia|Asien"""
SYLLABLES = """ba be bi bo bra cha da de di do dra el en fa fe fi fri ga ge gi go gra ha he ho ja ji
jo ka ke ki ko kra la le li lo lu ma me mi mo mu na ne ni no nu o ol pa pe pi po ra re ri ro ru sa
sha shi so ta te ti to tra u va ve vi vo wa we wi ya yo yu za ze zi zo""".split()
CODAS = ["", "", "", "n", "r", "l", "m", "k", "t", "d", "na", "ra", "la", "ne", "ck", "ll", "nd"]
NUMBERS = """two zwei,three drei,four vier,five fünf,six sechs,seven sieben,eight acht,nine neun,
ten zehn,eleven elf,twelve zwölf,twenty zwanzig,thirty dreißig,forty vierzig,fifty fünfzig,
a hundred hundert""".replace("\n", "")
NUMBERS = [tuple(pair.rsplit(" ", 1)) for pair in NUMBERS.split(",")]

ARTICLES = {
    # form: masculine, feminine, neuter
    "der": ("der", "die", "das"),
    "den": ("den", "die", "das"),
    "ein": ("ein", "eine", "ein"),
    "einen": ("einen", "eine", "ein"),
    "mein": ("mein", "meine", "mein"),
    "meinen": ("meinen", "meine", "mein"),
    "kein": ("kein", "keine", "kein"),
    "keinen": ("keinen", "keine", "kein"),
    "dieser": ("dieser", "diese", "dieses"),
    "diesen": ("diesen", "diese", "dieses"),
    "neuen": ("neuen", "neue", "neues"),
}


def lines(text):
    """Split a text of lines of |-separated cells."""
    return [tuple(line.split("|")) for line in text.strip().splitlines()]


def invented_name(rng):
    """Make up a name: it can only be copied."""
    name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice([1, 2, 2, 3])))
    return (name + rng.choice(CODAS)).capitalize()


def some_name(rng, known):
    """Choose a name, one in four of them made up."""
    return invented_name(rng) if rng.random() < 0.25 else rng.choice(known)


def plural(noun):
    """Form the English plural of a noun of the lists."""
    irregular = {"man": "men", "woman": "women", "child": "children", "knife": "knives"}
    irregular |= {"mouse": "mice", "wife": "wives", "fish": "fish"}
    if noun in irregular:
        return irregular[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeou":
        return noun[:-1] + "ies"
    return noun + "s"


def fill(template, rng, nouns, people, adjectives, places):
    """Fill the slots of one (English, German) template."""
    one, two = rng.sample(nouns, 2)
    person = rng.choice(people)
    adjective = rng.choice(adjectives)
    names = [some_name(rng, WOMEN + MEN) for _ in range(2)]
    place = rng.choice(places)
    if rng.random() < 0.5:
        number = rng.choice(NUMBERS)
    else:
        number = (str(rng.randint(2, 99)),) * 2
    hour = rng.choice([pair for pair in NUMBERS if pair[1] in "zwei drei vier fünf sechs".split()])
    if rng.random() < 0.5:
        hour = (str(rng.randint(1, 23)),) * 2
    shared = [{"name": names[0], "other": names[1]} for _ in range(2)]
    english, german = shared
    english |= {"x": one[0], "y": two[0], "xs": plural(one[0]), "p": person[0], "a": adjective[0]}
    german |= {"x": one[1], "y": two[1], "xs": one[3], "p": person[1], "a": adjective[1]}
    for side, slots in enumerate(shared):
        slots |= {"city": place[side], "n": number[side], "h": hour[side]}
    for form, genders in ARTICLES.items():
        for suffix, noun in (("", one), ("2", two), ("p", person)):
            word = genders["mfn".index(noun[2])]
            german[form + suffix] = word
            german[(form + suffix).capitalize()] = word.capitalize()
    text = template[0]
    for slot, noun in (("x", one), ("y", two)):
        if noun[0][0] in "aeio":
            text = text.replace(f"a {{{slot}}}", f"an {{{slot}}}")
    return text.format(**english), template[1].format(**german)


def everyday_pairs(count, rng):
    """Make `count` pairs from the templates, and all phrases."""
    nouns = [noun for noun in lines(NOUNS) if noun[2] != "-"]
    people = [noun for noun in lines(PEOPLE) if noun[2] != "-"]
    adjectives, templates = lines(ADJECTIVES), lines(TEMPLATES)
    places = lines(PLACES) + [(city, city) for city in CITIES]
    kinds = (nouns, people, adjectives, places)
    phrases = [fill(phrase, rng, *kinds) for phrase in lines(PHRASES)]
    words = [pair for noun in nouns + people for pair in [(noun[0], noun[1])]]
    made = [fill(rng.choice(templates), rng, *kinds) for _ in range(count)]
    return phrases, words + made
