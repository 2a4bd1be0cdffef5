"""Table 8 of the profile: the semantics of datatypes.

The conclusions of dt-type2, dt-eq and dt-diff have a literal as subject, which RDF cannot write. The cases show
them by what follows from them: a data range is met, a value is recognised, two values cannot be one.
"""

from tests.owl.rules.case import More, RuleCase

CASES = [
    RuleCase(
        "dt-type1",
        given=":a :p :b .",
        gives="""xsd:integer a rdfs:Datatype . xsd:decimal a rdfs:Datatype . xsd:string a rdfs:Datatype .
            xsd:boolean a rdfs:Datatype . xsd:dateTime a rdfs:Datatype . xsd:double a rdfs:Datatype .
            xsd:anyURI a rdfs:Datatype . xsd:unsignedByte a rdfs:Datatype . rdf:PlainLiteral a rdfs:Datatype .
            rdf:XMLLiteral a rdfs:Datatype . rdfs:Literal a rdfs:Datatype .""",
        near=":a :p 'odd'^^:own .",
        why="a datatype of one's own is not in the map of OWL 2 RL",
        lacks=":own a rdfs:Datatype .",
    ),
    RuleCase(
        "dt-type2",
        given=":r owl:someValuesFrom xsd:integer ; owl:onProperty :p . :x :p 5 .",
        gives=":x a :r .",
        near=":r owl:someValuesFrom xsd:integer ; owl:onProperty :p . :x :p '5' .",
        why="a string is no integer",
        inside=True,
        more=(
            More(
                "the value lies in a wider datatype",
                ":r owl:someValuesFrom xsd:decimal ; owl:onProperty :p . :x :p '5'^^xsd:byte .",
                ":x a :r .",
            ),
            More(
                "the value lies in a narrower datatype",
                ":r owl:someValuesFrom xsd:byte ; owl:onProperty :p . :x :p 5 .",
                ":x a :r .",
            ),
            More(
                "a whole decimal is an integer",
                ":r owl:someValuesFrom xsd:integer ; owl:onProperty :p . :x :p '5.0'^^xsd:decimal .",
                ":x a :r .",
            ),
            More(
                "an individual that is a value has all datatypes of the value",
                ":w owl:sameAs '5'^^xsd:byte .",
                ":w a xsd:byte , xsd:short , xsd:integer , xsd:nonNegativeInteger , xsd:decimal , rdfs:Literal .",
            ),
            More(
                "a range of two datatypes",
                """:d owl:intersectionOf ( xsd:short xsd:nonNegativeInteger ) .
                :r owl:someValuesFrom :d ; owl:onProperty :p . :x :p 5 .""",
                ":x a :r .",
            ),
            More(
                "any literal",
                ":r owl:someValuesFrom rdfs:Literal ; owl:onProperty :p . :x :p 'text'@en .",
                ":x a :r .",
            ),
            More(
                "a plain literal with language",
                ":r owl:someValuesFrom rdf:PlainLiteral ; owl:onProperty :p . :x :p 'text'@en .",
                ":x a :r .",
            ),
        ),
        misses=(
            More(
                "out of the narrower range",
                ":r owl:someValuesFrom xsd:byte ; owl:onProperty :p . :x :p 128 .",
                ":x a :r .",
            ),
            More(
                "a double is no decimal",
                ":r owl:someValuesFrom xsd:decimal ; owl:onProperty :p . :x :p 5e0 .",
                ":x a :r .",
            ),
            More(
                "an IRI is no literal",
                ":r owl:someValuesFrom rdfs:Literal ; owl:onProperty :p . :x :p :y .",
                ":x a :r .",
            ),
        ),
    ),
    RuleCase(
        "dt-eq",
        given=":r owl:hasValue 1 ; owl:onProperty :p . :x :p '01'^^xsd:integer .",
        gives=":x a :r .",
        near=":r owl:hasValue 1 ; owl:onProperty :p . :x :p '10'^^xsd:integer .",
        why="another value",
        inside=True,
        more=(
            More("decimals", ":r owl:hasValue 1.5 ; owl:onProperty :p . :x :p 1.50 .", ":x a :r ."),
            More("integer and decimal", ":r owl:hasValue 1 ; owl:onProperty :p . :x :p 1.0 .", ":x a :r ."),
            More(
                "a derived integer type", ":r owl:hasValue 1 ; owl:onProperty :p . :x :p '1'^^xsd:byte .", ":x a :r ."
            ),
            More("booleans", ":r owl:hasValue true ; owl:onProperty :p . :x :p '1'^^xsd:boolean .", ":x a :r ."),
            More(
                "two ways to write no offset",
                """:r owl:hasValue '2017-04-10T12:00:00Z'^^xsd:dateTime ; owl:onProperty :p .
                :x :p '2017-04-10T12:00:00+00:00'^^xsd:dateTime .""",
                ":x a :r .",
            ),
            More(
                "individuals that are one value",
                ":v owl:sameAs 42 . :w owl:sameAs 42.0 .",
                ":v owl:sameAs :w .",
            ),
            More(
                "plain literals with the language inside",
                ":r owl:hasValue 'a@de'^^rdf:PlainLiteral ; owl:onProperty :p . :x :p 'a'@DE .",
                ":x a :r .",
            ),
            More(
                "plain literals without language",
                ":r owl:hasValue 'a@'^^rdf:PlainLiteral ; owl:onProperty :p . :x :p 'a' .",
                ":x a :r .",
            ),
            More("doubles", ":r owl:hasValue 1e1 ; owl:onProperty :p . :x :p '10'^^xsd:double .", ":x a :r ."),
            More(
                "a long integer",
                """:r owl:hasValue '1000000000000000000000000000000001'^^xsd:integer ; owl:onProperty :p .
                :x :p '1000000000000000000000000000000001.0'^^xsd:decimal .""",
                ":x a :r .",
            ),
        ),
        misses=(
            More(  # equal, but not identical: OWL 2 syntax, section 4.7
                "one instant in two time zones",
                """:r owl:hasValue '2017-04-10T12:00:00Z'^^xsd:dateTime ; owl:onProperty :p .
                :x :p '2017-04-10T14:00:00+02:00'^^xsd:dateTime .""",
                ":x a :r .",
            ),
            More("integer and string", ":r owl:hasValue 1 ; owl:onProperty :p . :x :p '1' .", ":x a :r ."),
            More("decimal and double", ":r owl:hasValue 1.0 ; owl:onProperty :p . :x :p 1e0 .", ":x a :r ."),
            More("two languages", ":r owl:hasValue 'a'@en ; owl:onProperty :p . :x :p 'a'@de .", ":x a :r ."),
            More(
                "text with and without language",
                ":r owl:hasValue 'a'@en ; owl:onProperty :p . :x :p 'a' .",
                ":x a :r .",
            ),
            More("strings keep their blanks", ":r owl:hasValue 'a' ; owl:onProperty :p . :x :p 'a ' .", ":x a :r ."),
            More(
                "long decimals that differ in the last place",
                """:r owl:hasValue '1000000000000000000000000000000.1'^^xsd:decimal ; owl:onProperty :p .
                :x :p '1000000000000000000000000000000.2'^^xsd:decimal .""",
                ":x a :r .",
            ),
            More(
                "long integers that differ in the last place",
                """:r owl:hasValue '1000000000000000000000000000000001'^^xsd:integer ; owl:onProperty :p .
                :x :p '1000000000000000000000000000000002'^^xsd:integer .""",
                ":x a :r .",
            ),
            More(
                "a local time is not an instant",
                """:r owl:hasValue '2017-04-10T12:00:00Z'^^xsd:dateTime ; owl:onProperty :p .
                :x :p '2017-04-10T12:00:00'^^xsd:dateTime .""",
                ":x a :r .",
            ),
        ),
    ),
    RuleCase(
        "dt-diff",
        given=":p a owl:FunctionalProperty . :x :p 1 , 2 .",
        near=":p a owl:FunctionalProperty . :x :p 1 , '01'^^xsd:integer .",
        why="one value written twice",
        # prp-fp makes them equal, dt-diff different, eq-diff1 the contradiction; values of two kinds, made equal,
        # take on each other's datatype
        contradicts=("eq-diff1", "dt-diff"),
        aside=("dt-not-type",),
        more=(
            More("an integer and a string", ":p a owl:FunctionalProperty . :x :p 1 , '1' ."),
            More("a decimal and a double", ":p a owl:FunctionalProperty . :x :p 1.0 , 1e0 ."),
            More("two languages", ":p a owl:FunctionalProperty . :x :p 'a'@en , 'a'@de ."),
            More("infinities", ":p a owl:FunctionalProperty . :x :p 'INF'^^xsd:double , '-INF'^^xsd:double ."),
            More(
                "by the cardinality of a datatype",
                ":r owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass xsd:integer . :x a :r ; :p 5 , 6 .",
            ),
            More("by cardinality", ":r owl:maxCardinality 1 ; owl:onProperty :p . :x a :r ; :p 1 , 2 ."),
            More("two values of one individual", ":a owl:sameAs 1 , 2 ."),
            More(
                "individuals that are two values are different",
                ":v owl:sameAs 1 . :w owl:sameAs 2 .",
                ":v owl:differentFrom :w . :w owl:differentFrom :v .",
            ),
        ),
        misses=(
            More("decimals", ":p a owl:FunctionalProperty . :x :p 1.5 , 1.50 ."),
            More(
                "only one of the values is of the datatype",
                ":r owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass xsd:integer . :x a :r ; :p 5 , '6' .",
            ),
        ),
    ),
    RuleCase(
        "dt-not-type",
        given=":p rdfs:range xsd:integer . :x :p 'many' .",
        near=":p rdfs:range xsd:integer . :x :p '5'^^xsd:byte .",
        why="a byte is an integer",
        more=(
            More("out of range", ":p rdfs:range xsd:byte . :x :p 128 ."),
            More("a double is no decimal", ":p rdfs:range xsd:decimal . :x :p 1e0 ."),
            More("an individual that is a value outside", ":v a xsd:integer ; owl:sameAs true ."),
            More("ill-formed base64", ":p rdfs:range xsd:base64Binary . :x :p 'T(1)!'^^xsd:base64Binary ."),
            More("ill-formed XML", ":p rdfs:range rdf:XMLLiteral . :x :p '<a'^^rdf:XMLLiteral ."),
            More("a plain literal without @", ":p rdfs:range rdf:PlainLiteral . :x :p 'a'^^rdf:PlainLiteral ."),
            More("an ill-formed literal", ":p rdfs:range xsd:integer . :x :p 'many'^^xsd:integer ."),
            More("text with language is no string", ":p rdfs:range xsd:string . :x :p 'a'@en ."),
            More("by a universal", ":r owl:allValuesFrom xsd:integer ; owl:onProperty :p . :x a :r ; :p 1.5 ."),
            More("zero is not positive", ":p rdfs:range xsd:positiveInteger . :x :p 0 ."),
            More(
                "a time without zone is no stamp",
                ":p rdfs:range xsd:dateTimeStamp . :x :p '2017-04-10T12:00:00'^^xsd:dateTime .",
            ),
        ),
        misses=(
            More("a whole decimal in an integer range", ":p rdfs:range xsd:integer . :x :p 5.0 ."),
            More(
                "a zone other than UTC",
                ":p rdfs:range xsd:dateTimeStamp . :x :p '2017-04-10T12:00:00+02:00'^^xsd:dateTime .",
            ),
            More("a token is a string", ":p rdfs:range xsd:string . :x :p 'a'^^xsd:token ."),
            More("a plain string that is a token", ":p rdfs:range xsd:token . :x :p 'a' ."),
            More("an unknown datatype decides nothing", ":p rdfs:range :own . :x :p 'many' ."),
        ),
    ),
]
