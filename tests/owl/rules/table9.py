"""Table 9 of the profile: the semantics of schema vocabulary."""

from tests.owl.rules.case import More, RuleCase

CASES = [
    RuleCase(
        "scm-cls",
        given=":C a owl:Class .",
        gives=":C rdfs:subClassOf :C , owl:Thing ; owl:equivalentClass :C . owl:Nothing rdfs:subClassOf :C .",
        near=":x a :C .",
        why="C is nowhere declared a class",
        also_by=("scm-sco", "scm-eqc1", "scm-eqc2"),
    ),
    RuleCase(
        "scm-sco",
        given=":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .",
        gives=":A rdfs:subClassOf :C .",
        near=":A rdfs:subClassOf :B . :C rdfs:subClassOf :B .",
        why="two classes below one",
    ),
    RuleCase(
        "scm-eqc1",
        given=":A owl:equivalentClass :B .",
        gives=":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
        near=":A owl:disjointWith :B .",
        why="disjoint is not equivalent",
    ),
    RuleCase(
        "scm-eqc2",
        given=":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
        gives=":A owl:equivalentClass :B . :B owl:equivalentClass :A .",
        near=":A rdfs:subClassOf :B .",
        why="one direction only",
    ),
    RuleCase(
        "scm-op",
        given=":p a owl:ObjectProperty .",
        gives=":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
        near=":x :p :y .",
        why="p is nowhere declared an object property",
        also_by=("scm-eqp1", "scm-eqp2"),
    ),
    RuleCase(
        "scm-dp",
        given=":p a owl:DatatypeProperty .",
        gives=":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
        near=":p a owl:AnnotationProperty .",
        why="an annotation property",
        also_by=("scm-eqp1", "scm-eqp2"),
    ),
    RuleCase(
        "scm-spo",
        given=":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        gives=":p rdfs:subPropertyOf :r .",
        near=":p rdfs:subPropertyOf :q . :r rdfs:subPropertyOf :q .",
        why="two properties below one",
    ),
    RuleCase(
        "scm-eqp1",
        given=":p owl:equivalentProperty :q .",
        gives=":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        near=":p owl:inverseOf :q .",
        why="inverse is not equivalent",
    ),
    RuleCase(
        "scm-eqp2",
        given=":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        gives=":p owl:equivalentProperty :q . :q owl:equivalentProperty :p .",
        near=":p rdfs:subPropertyOf :q .",
        why="one direction only",
    ),
    RuleCase(
        "scm-dom1",
        given=":p rdfs:domain :A . :A rdfs:subClassOf :B .",
        gives=":p rdfs:domain :B .",
        near=":p rdfs:domain :B . :A rdfs:subClassOf :B .",
        why="a domain is not handed down",
        lacks=":p rdfs:domain :A .",
    ),
    RuleCase(
        "scm-dom2",
        given=":q rdfs:domain :A . :p rdfs:subPropertyOf :q .",
        gives=":p rdfs:domain :A .",
        near=":p rdfs:domain :A . :p rdfs:subPropertyOf :q .",
        why="a domain is not handed up to a superproperty",
        lacks=":q rdfs:domain :A .",
    ),
    RuleCase(
        "scm-rng1",
        given=":p rdfs:range :A . :A rdfs:subClassOf :B .",
        gives=":p rdfs:range :B .",
        near=":p rdfs:range :B . :A rdfs:subClassOf :B .",
        why="a range is not handed down",
        lacks=":p rdfs:range :A .",
    ),
    RuleCase(
        "scm-rng2",
        given=":q rdfs:range :A . :p rdfs:subPropertyOf :q .",
        gives=":p rdfs:range :A .",
        near=":p rdfs:range :A . :p rdfs:subPropertyOf :q .",
        why="a range is not handed up to a superproperty",
        lacks=":q rdfs:range :A .",
    ),
    RuleCase(
        "scm-hv",
        given=""":r owl:hasValue :v ; owl:onProperty :p . :s owl:hasValue :v ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        gives=":r rdfs:subClassOf :s .",
        near=""":r owl:hasValue :v ; owl:onProperty :p . :s owl:hasValue :w ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        why="two values",
        more=(
            More(
                "the value in other clothes",
                """:r owl:hasValue 1 ; owl:onProperty :p . :s owl:hasValue 1.0 ; owl:onProperty :q .
                :p rdfs:subPropertyOf :q .""",
                ":r rdfs:subClassOf :s .",
            ),
        ),
        misses=(
            More(
                "the other way round",
                """:r owl:hasValue :v ; owl:onProperty :p . :s owl:hasValue :v ; owl:onProperty :q .
                :p rdfs:subPropertyOf :q .""",
                ":s rdfs:subClassOf :r .",
            ),
        ),
    ),
    RuleCase(
        "scm-svf1",
        given=""":r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :B ; owl:onProperty :p .
            :A rdfs:subClassOf :B .""",
        gives=":r rdfs:subClassOf :s .",
        near=""":r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :B ; owl:onProperty :q .
            :A rdfs:subClassOf :B .""",
        why="two properties",
        misses=(
            More(
                "the other way round",
                """:r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :B ; owl:onProperty :p .
                :A rdfs:subClassOf :B .""",
                ":s rdfs:subClassOf :r .",
            ),
        ),
    ),
    RuleCase(
        "scm-svf2",
        given=""":r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :A ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        gives=":r rdfs:subClassOf :s .",
        near=""":r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :B ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        why="two fillers",
        misses=(
            More(
                "the other way round",
                """:r owl:someValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :A ; owl:onProperty :q .
                :p rdfs:subPropertyOf :q .""",
                ":s rdfs:subClassOf :r .",
            ),
        ),
    ),
    RuleCase(
        "scm-avf1",
        given=""":r owl:allValuesFrom :A ; owl:onProperty :p . :s owl:allValuesFrom :B ; owl:onProperty :p .
            :A rdfs:subClassOf :B .""",
        gives=":r rdfs:subClassOf :s .",
        near=""":r owl:allValuesFrom :A ; owl:onProperty :p . :s owl:someValuesFrom :B ; owl:onProperty :p .
            :A rdfs:subClassOf :B .""",
        why="one universal, one existential",
    ),
    RuleCase(
        "scm-avf2",
        given=""":r owl:allValuesFrom :A ; owl:onProperty :p . :s owl:allValuesFrom :A ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        gives=":s rdfs:subClassOf :r .",
        near=""":r owl:allValuesFrom :A ; owl:onProperty :p . :s owl:allValuesFrom :A ; owl:onProperty :q .
            :p rdfs:subPropertyOf :q .""",
        why="the universal on the superproperty is the narrower class",
        lacks=":r rdfs:subClassOf :s .",
    ),
    RuleCase(
        "scm-int",
        given=":C owl:intersectionOf ( :A :B ) .",
        gives=":C rdfs:subClassOf :A , :B .",
        near=":C owl:unionOf ( :A :B ) .",
        why="a union lies above its operands",
    ),
    RuleCase(
        "scm-uni",
        given=":C owl:unionOf ( :A :B ) .",
        gives=":A rdfs:subClassOf :C . :B rdfs:subClassOf :C .",
        near=":C owl:intersectionOf ( :A :B ) .",
        why="an intersection lies below its operands",
    ),
]
