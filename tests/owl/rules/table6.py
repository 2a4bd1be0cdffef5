"""Table 6 of the profile: the semantics of classes."""

from tests.owl.rules.case import More, RuleCase

ZERO = "'0'^^xsd:nonNegativeInteger"
ONE = "'1'^^xsd:nonNegativeInteger"
TWO = "'2'^^xsd:nonNegativeInteger"
NONE_OF, ONE_OF, TWO_OF = (f"owl:maxQualifiedCardinality {n} ; owl:onProperty :p" for n in (ZERO, ONE, TWO))

CASES = [
    RuleCase(
        "cls-thing",
        given=":a :p :b .",
        gives="owl:Thing a owl:Class .",
        near=":a :p :b .",
        why="no rule makes an individual an instance of owl:Thing",
        lacks=":a a owl:Thing .",
    ),
    RuleCase(
        "cls-nothing1",
        given=":a :p :b .",
        gives="owl:Nothing a owl:Class .",
        near=":a :p :b .",
        why="nothing is an instance of owl:Nothing",
        lacks=":a a owl:Nothing .",
    ),
    RuleCase(
        "cls-nothing2",
        given=":x a owl:Nothing .",
        near=":C rdfs:subClassOf owl:Nothing . :x a :D .",
        why="the empty class has no instance",
        more=(More("an instance of an empty class", ":C rdfs:subClassOf owl:Nothing . :x a :C ."),),
    ),
    RuleCase(
        "cls-int1",
        given=":C owl:intersectionOf ( :A :B ) . :x a :A , :B .",
        gives=":x a :C .",
        near=":C owl:intersectionOf ( :A :B ) . :x a :A . :y a :B .",
        why="no individual is in both",
        more=(
            More("three operands", ":C owl:intersectionOf ( :A :B :D ) . :x a :A , :B , :D .", ":x a :C ."),
            More("one operand", ":C owl:intersectionOf ( :A ) . :x a :A .", ":x a :C ."),
            More(
                "a nested intersection",
                ":C owl:intersectionOf ( :A [ owl:intersectionOf ( :B :D ) ] ) . :x a :A , :B , :D .",
                ":x a :C .",
            ),
        ),
        misses=(
            More("the last of three is missing", ":C owl:intersectionOf ( :A :B :D ) . :x a :A , :B .", ":x a :C ."),
        ),
    ),
    RuleCase(
        "cls-int2",
        given=":C owl:intersectionOf ( :A :B ) . :x a :C .",
        gives=":x a :A , :B .",
        near=":C owl:unionOf ( :A :B ) . :x a :C .",
        why="a union says nothing of its members",
        also_by=("cax-sco",),  # scm-int makes the class a subclass of each operand
    ),
    RuleCase(
        "cls-uni",
        given=":C owl:unionOf ( :A :B ) . :x a :B .",
        gives=":x a :C .",
        near=":C owl:unionOf ( :A :B ) . :x a :D .",
        why="D is no operand",
        also_by=("cax-sco",),  # scm-uni
    ),
    RuleCase(
        "cls-com",
        given=":C owl:complementOf :D . :x a :C , :D .",
        near=":C owl:complementOf :D . :x a :C . :y a :D .",
        why="two individuals",
    ),
    RuleCase(
        "cls-svf1",
        given=":r owl:someValuesFrom :C ; owl:onProperty :p . :x :p :y . :y a :C .",
        gives=":x a :r .",
        near=":r owl:someValuesFrom :C ; owl:onProperty :p . :x :p :y . :z a :C .",
        why="the value is not of the class",
        misses=(
            More(
                "an existential invents no value",
                ":r owl:someValuesFrom :C ; owl:onProperty :p . :x a :r ; :p :y .",
                ":y a :C .",
            ),
        ),
    ),
    RuleCase(
        "cls-svf2",
        given=":r owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :p :y .",
        gives=":x a :r .",
        near=":r owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :q :y .",
        why="another property",
        more=(More("a literal", ":r owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :p 'text' .", ":x a :r ."),),
    ),
    RuleCase(
        "cls-avf",
        given=":r owl:allValuesFrom :C ; owl:onProperty :p . :x a :r ; :p :y .",
        gives=":y a :C .",
        near=":r owl:allValuesFrom :C ; owl:onProperty :p . :x :p :y .",
        why="x is not known to be in the restriction",
        misses=(
            More(
                "all known values in the class do not make a universal",
                ":r owl:allValuesFrom :C ; owl:onProperty :p . :x :p :y . :y a :C .",
                ":x a :r .",
            ),
        ),
    ),
    RuleCase(
        "cls-hv1",
        given=":r owl:hasValue :v ; owl:onProperty :p . :x a :r .",
        gives=":x :p :v .",
        near=":r owl:hasValue :v . :x a :r .",
        why="the restriction names no property",
        more=(
            More(
                "a literal",
                ":r owl:hasValue '1.50'^^xsd:decimal ; owl:onProperty :p . :x a :r .",
                ":x :p '1.50'^^xsd:decimal .",
            ),
        ),
    ),
    RuleCase(
        "cls-hv2",
        given=":r owl:hasValue :v ; owl:onProperty :p . :x :p :v .",
        gives=":x a :r .",
        near=":r owl:hasValue :v ; owl:onProperty :p . :x :p :w .",
        why="another value",
        more=(
            More(
                "not a number equals itself",
                ":r owl:hasValue 'NaN'^^xsd:double ; owl:onProperty :p . :x :p 'NaN'^^xsd:double .",
                ":x a :r .",
            ),
            More(
                "language tags are compared without case",
                ":r owl:hasValue 'text'@en-GB ; owl:onProperty :p . :x :p 'text'@en-gb .",
                ":x a :r .",
            ),
            More(
                "a value in other clothes",
                ":r owl:hasValue '1.50'^^xsd:decimal ; owl:onProperty :p . :x :p 1.5 .",
                ":x a :r .",
            ),
        ),
    ),
    RuleCase(
        "cls-maxc1",
        given=f":r owl:maxCardinality {ZERO} ; owl:onProperty :p . :x a :r ; :p :y .",
        near=f":r owl:maxCardinality {ZERO} ; owl:onProperty :p . :x a :r ; :q :y . :z :p :y .",
        why="x has no value of p",
        more=(
            More("zero as xsd:integer", ":r owl:maxCardinality 0 ; owl:onProperty :p . :x a :r ; :p :y ."),
            More("a literal value", f":r owl:maxCardinality {ZERO} ; owl:onProperty :p . :x a :r ; :p 5 ."),
        ),
    ),
    RuleCase(
        "cls-maxc2",
        given=f":r owl:maxCardinality {ONE} ; owl:onProperty :p . :x a :r ; :p :y , :z .",
        gives=":y owl:sameAs :z . :z owl:sameAs :y .",
        near=f":r owl:maxCardinality {TWO} ; owl:onProperty :p . :x a :r ; :p :y , :z .",
        why="two values are allowed",
        also_by=("eq-sym",),
        more=(
            More(
                "one as xsd:integer",
                ":r owl:maxCardinality 1 ; owl:onProperty :p . :x a :r ; :p :y , :z .",
                ":y owl:sameAs :z .",
            ),
        ),
        misses=(
            More(
                "x is not in the restriction",
                f":r owl:maxCardinality {ONE} ; owl:onProperty :p . :x :p :y , :z .",
                ":y owl:sameAs :z .",
            ),
        ),
    ),
    RuleCase(
        "cls-maxqc1",
        given=f":r {NONE_OF} ; owl:onClass :C . :x a :r ; :p :y . :y a :C .",
        near=f":r {NONE_OF} ; owl:onClass :C . :x a :r ; :p :y . :y a :D .",
        why="the value is not of the class",
    ),
    RuleCase(
        "cls-maxqc2",
        given=f":r {NONE_OF} ; owl:onClass owl:Thing . :x a :r ; :p :y .",
        near=f":r {NONE_OF} ; owl:onClass owl:Thing . :x a :r . :z :p :y .",
        why="the value belongs to another subject",
    ),
    RuleCase(
        "cls-maxqc3",
        given=f""":r owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass :C .
            :x a :r ; :p :y , :z . :y a :C . :z a :C .""",
        gives=":y owl:sameAs :z . :z owl:sameAs :y .",
        near=f""":r owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass :C .
            :x a :r ; :p :y , :z . :y a :C .""",
        why="only one of the values is of the class",
        also_by=("eq-sym",),
    ),
    RuleCase(
        "cls-maxqc4",
        given=f":r {ONE_OF} ; owl:onClass owl:Thing . :x a :r ; :p :y , :z .",
        gives=":y owl:sameAs :z . :z owl:sameAs :y .",
        near=f":r {TWO_OF} ; owl:onClass owl:Thing . :x a :r ; :p :y , :z .",
        why="two values are allowed",
        also_by=("eq-sym",),
    ),
    RuleCase(
        "cls-oo",
        given=":C owl:oneOf ( :a :b :c ) .",
        gives=":a a :C . :b a :C . :c a :C .",
        near=":C owl:oneOf ( :a :b ) . :c :p :a .",
        why="c is not in the list",
        lacks=":c a :C .",
    ),
]
