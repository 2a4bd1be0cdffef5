"""Table 4 of the profile: the semantics of equality."""

from tests.owl.rules.case import More, RuleCase

CASES = [
    RuleCase(
        "eq-ref",
        given=":a :p :b .",
        gives=":a owl:sameAs :a . :p owl:sameAs :p . :b owl:sameAs :b . owl:sameAs owl:sameAs owl:sameAs .",
        near=":a :p :c .",
        why="b occurs in no triple",
        lacks=":b owl:sameAs :b .",
    ),
    RuleCase(
        "eq-sym",
        given=":a owl:sameAs :b .",
        gives=":b owl:sameAs :a .",
        near=":a owl:differentFrom :b .",
        why="differentFrom is not sameAs",
        also_by=("eq-rep-s", "eq-rep-o"),  # a sameAs a (eq-ref), then a is replaced by b in one place
    ),
    RuleCase(
        "eq-trans",
        given=":a owl:sameAs :b . :b owl:sameAs :c .",
        gives=":a owl:sameAs :c .",
        near=":a owl:sameAs :b . :c owl:sameAs :d .",
        why="the two pairs share no term",
        also_by=("eq-rep-s", "eq-rep-o", "eq-sym"),
    ),
    RuleCase(
        "eq-rep-s",
        given=":a owl:sameAs :b . :a :p :x .",
        gives=":b :p :x .",
        near=":a owl:differentFrom :b . :a :p :x .",
        why="the subjects are not equal",
    ),
    RuleCase(
        "eq-rep-p",
        given=":p owl:sameAs :q . :x :p :y .",
        gives=":x :q :y .",
        near=":p rdfs:seeAlso :q . :x :p :y .",
        why="the predicates are not equal",
    ),
    RuleCase(
        "eq-rep-o",
        given=":a owl:sameAs :b . :x :p :a .",
        gives=":x :p :b .",
        near=":a owl:sameAs :b . :x :p :c .",
        why="the object is not the equal one",
        more=(
            More("an equal class", ":C owl:sameAs :D . :x a :C .", ":x a :D ."),
            More(
                "equal literals behind individuals",
                ":a owl:sameAs '1'^^xsd:integer . :x :p :a .",
                ":x :p '1'^^xsd:integer .",
            ),
        ),
    ),
    RuleCase(
        "eq-diff1",
        given=":a owl:sameAs :b ; owl:differentFrom :b .",
        near=":a owl:sameAs :b ; owl:differentFrom :c .",
        why="the different one is not the equal one",
        more=(
            More("stated the other way round", ":a owl:sameAs :b . :b owl:differentFrom :a ."),
            More("different from itself", ":a owl:differentFrom :a ."),
            More("equal over two steps", ":a owl:sameAs :b . :b owl:sameAs :c . :a owl:differentFrom :c ."),
        ),
    ),
    RuleCase(
        "eq-diff2",
        given=":d a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :b .",
        near=":d a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :e .",
        why="the equal one is not a member",
        more=(
            More("the last member", ":d a owl:AllDifferent ; owl:members ( :a :b :c ) . :b owl:sameAs :c ."),
            More("a list of two", ":d a owl:AllDifferent ; owl:members ( :a :b ) . :a owl:sameAs :b ."),
            More(
                "equality stated from the later to the earlier member",
                ":d a owl:AllDifferent ; owl:members ( :a :b :c ) . :c owl:sameAs :a .",
            ),
            More("one member twice", ":d a owl:AllDifferent ; owl:members ( :a :b :a ) ."),
        ),
    ),
    RuleCase(
        "eq-diff3",
        given=":d a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :a owl:sameAs :b .",
        near=":d owl:distinctMembers ( :a :b :c ) . :a owl:sameAs :b .",
        why="nothing says that the list is an AllDifferent",
        more=(
            More(
                "the last member",
                ":d a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :b owl:sameAs :c .",
            ),
            More("a list of two", ":d a owl:AllDifferent ; owl:distinctMembers ( :a :b ) . :a owl:sameAs :b ."),
        ),
    ),
]
