"""Table 7 of the profile: the semantics of class axioms."""

from tests.owl.rules.case import More, RuleCase

CASES = [
    RuleCase(
        "cax-sco",
        given=":C rdfs:subClassOf :D . :x a :C .",
        gives=":x a :D .",
        near=":D rdfs:subClassOf :C . :x a :C .",
        why="the hierarchy runs the other way",
    ),
    RuleCase(
        "cax-eqc1",
        given=":C owl:equivalentClass :D . :x a :C .",
        gives=":x a :D .",
        near=":C owl:disjointWith :D . :x a :C .",
        why="disjoint is not equivalent",
        also_by=("cax-sco",),  # scm-eqc1 turns the equivalence into subClassOf
    ),
    RuleCase(
        "cax-eqc2",
        given=":C owl:equivalentClass :D . :x a :D .",
        gives=":x a :C .",
        near=":C rdfs:subClassOf :D . :x a :D .",
        why="a subclass holds in one direction",
        also_by=("cax-sco",),
    ),
    RuleCase(
        "cax-dw",
        given=":C owl:disjointWith :D . :x a :C , :D .",
        near=":C owl:disjointWith :D . :x a :C . :y a :D .",
        why="two individuals",
        more=(
            More("equal individuals", ":C owl:disjointWith :D . :x a :C ; owl:sameAs :y . :y a :D ."),
            More("a class disjoint with itself", ":C owl:disjointWith :C . :x a :C ."),
        ),
    ),
    RuleCase(
        "cax-adc",
        given=":d a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :A , :B .",
        near=":d a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :A , :D .",
        why="D is no member",
        more=(
            More("the last member", ":d a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :B , :C ."),
            More("first and last", ":d a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :C , :A ."),
            More("a list of two", ":d a owl:AllDisjointClasses ; owl:members ( :A :B ) . :x a :A , :B ."),
        ),
    ),
]
