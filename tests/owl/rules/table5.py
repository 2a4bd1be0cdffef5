"""Table 5 of the profile: the semantics of axioms about properties."""

from tests.owl.rules.case import More, RuleCase

CASES = [
    RuleCase(
        "prp-ap",
        given=":a :p :b .",
        gives="""rdfs:label a owl:AnnotationProperty . rdfs:comment a owl:AnnotationProperty .
            rdfs:seeAlso a owl:AnnotationProperty . rdfs:isDefinedBy a owl:AnnotationProperty .
            owl:deprecated a owl:AnnotationProperty . owl:versionInfo a owl:AnnotationProperty .
            owl:priorVersion a owl:AnnotationProperty . owl:backwardCompatibleWith a owl:AnnotationProperty .
            owl:incompatibleWith a owl:AnnotationProperty .""",
        near=":a :p :b .",
        why="p is not one of the nine built-in annotation properties",
        lacks=":p a owl:AnnotationProperty . owl:imports a owl:AnnotationProperty .",
    ),
    RuleCase(
        "prp-dom",
        given=":p rdfs:domain :C . :x :p :y .",
        gives=":x a :C .",
        near=":p rdfs:domain :C . :x :q :y .",
        why="x stands before another property",
        more=(More("a literal as object", ":p rdfs:domain :C . :x :p 'text' .", ":x a :C ."),),
    ),
    RuleCase(
        "prp-rng",
        given=":p rdfs:range :C . :x :p :y .",
        gives=":y a :C .",
        near=":p rdfs:domain :C . :x :p :y .",
        why="a domain speaks of the subject",
    ),
    RuleCase(
        "prp-fp",
        given=":p a owl:FunctionalProperty . :x :p :a , :b .",
        gives=":a owl:sameAs :b . :b owl:sameAs :a .",
        near=":p a owl:FunctionalProperty . :x :p :a . :y :p :b .",
        why="two subjects with one value each",
        also_by=("eq-sym",),
    ),
    RuleCase(
        "prp-ifp",
        given=":p a owl:InverseFunctionalProperty . :a :p :x . :b :p :x .",
        gives=":a owl:sameAs :b . :b owl:sameAs :a .",
        near=":p a owl:InverseFunctionalProperty . :a :p :x . :b :p :y .",
        why="two values",
        also_by=("eq-sym",),
        more=(
            More(
                "an inverse functional data property, values equal in other clothes",
                ":p a owl:InverseFunctionalProperty . :a :p '1.50'^^xsd:decimal . :b :p '1.5'^^xsd:decimal .",
                ":a owl:sameAs :b .",
            ),
        ),
    ),
    RuleCase(
        "prp-irp",
        given=":p a owl:IrreflexiveProperty . :x :p :x .",
        near=":p a owl:IrreflexiveProperty . :x :p :y .",
        why="x and y are not known to be equal",
        more=(More("equal terms", ":p a owl:IrreflexiveProperty . :x :p :y . :x owl:sameAs :y ."),),
    ),
    RuleCase(
        "prp-symp",
        given=":p a owl:SymmetricProperty . :x :p :y .",
        gives=":y :p :x .",
        near=":p a owl:ReflexiveProperty . :x :p :y .",
        why="reflexive is not symmetric",
    ),
    RuleCase(
        "prp-asyp",
        given=":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .",
        near=":p a owl:AsymmetricProperty . :x :p :y . :y :p :z .",
        why="no pair in both directions",
        more=(More("an individual with itself", ":p a owl:AsymmetricProperty . :x :p :x ."),),
    ),
    RuleCase(
        "prp-trp",
        given=":p a owl:TransitiveProperty . :x :p :y . :y :p :z .",
        gives=":x :p :z .",
        near=":p a owl:TransitiveProperty . :x :p :y . :w :p :z .",
        why="the two pairs do not meet",
        more=(
            More(
                "over three steps",
                ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d .",
                ":a :p :d , :c . :b :p :d .",
            ),
        ),
    ),
    RuleCase(
        "prp-spo1",
        given=":p rdfs:subPropertyOf :q . :x :p :y .",
        gives=":x :q :y .",
        near=":q rdfs:subPropertyOf :p . :x :p :y .",
        why="the hierarchy runs the other way",
    ),
    RuleCase(
        "prp-spo2",
        given=":r owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q :c .",
        gives=":a :r :c .",
        near=":r owl:propertyChainAxiom ( :p :q ) . :a :q :b . :b :p :c .",
        why="the links stand in the wrong order",
        more=(
            More(
                "three links",
                ":r owl:propertyChainAxiom ( :p :q :p ) . :a :p :b . :b :q :c . :c :p :d .",
                ":a :r :d .",
            ),
            More(
                "four links",
                ":r owl:propertyChainAxiom ( :p :q :s :t ) . :a :p :b . :b :q :c . :c :s :d . :d :t :e .",
                ":a :r :e .",
            ),
            More("one link", ":r owl:propertyChainAxiom ( :p ) . :a :p :b .", ":a :r :b ."),
            More("one property twice", ":r owl:propertyChainAxiom ( :p :p ) . :a :p :a .", ":a :r :a ."),
            More(
                "the chain feeds itself",
                ":p owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q :c . :c :q :d .",
                ":a :p :d .",
            ),
            More(
                "a data property at the end",
                ":r owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q 5 .",
                ":a :r 5 .",
            ),
        ),
    ),
    RuleCase(
        "prp-eqp1",
        given=":p owl:equivalentProperty :q . :x :p :y .",
        gives=":x :q :y .",
        near=":p owl:propertyDisjointWith :q . :x :p :y .",
        why="disjoint is not equivalent",
        also_by=("prp-spo1",),  # scm-eqp1 turns the equivalence into subPropertyOf
    ),
    RuleCase(
        "prp-eqp2",
        given=":p owl:equivalentProperty :q . :x :q :y .",
        gives=":x :p :y .",
        near=":p rdfs:subPropertyOf :q . :x :q :y .",
        why="a subproperty holds in one direction",
        also_by=("prp-spo1",),
    ),
    RuleCase(
        "prp-pdw",
        given=":p owl:propertyDisjointWith :q . :x :p :y ; :q :y .",
        near=":p owl:propertyDisjointWith :q . :x :p :y ; :q :z .",
        why="two objects",
        more=(
            More("values equal in other clothes", ":p owl:propertyDisjointWith :q . :x :p 1 ; :q '01'^^xsd:integer ."),
        ),
    ),
    RuleCase(
        "prp-adp",
        given=":d a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :p :y ; :q :y .",
        near=":d a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :p :y ; :q :z ; :r :w .",
        why="three objects",
        more=(
            More(
                "the last member",
                ":d a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :q :y ; :r :y .",
            ),
            More("a list of two", ":d a owl:AllDisjointProperties ; owl:members ( :p :q ) . :x :p :y ; :q :y ."),
            More(
                "first and last",
                ":d a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :r :y ; :p :y .",
            ),
        ),
    ),
    RuleCase(
        "prp-inv1",
        given=":p owl:inverseOf :q . :x :p :y .",
        gives=":y :q :x .",
        near=":p owl:equivalentProperty :q . :x :p :y .",
        why="equivalent is not inverse",
    ),
    RuleCase(
        "prp-inv2",
        given=":p owl:inverseOf :q . :x :q :y .",
        gives=":y :p :x .",
        near=":p rdfs:seeAlso :q . :x :q :y .",
        why="nothing relates the properties",
        more=(
            More(
                "an anonymous inverse inside a restriction",
                """:r owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :C . :y :p :x . :y a :C .""",
                ":x a :r .",
            ),
            More(
                "an anonymous inverse inside a chain",
                ":r owl:propertyChainAxiom ( [ owl:inverseOf :p ] :q ) . :b :p :a . :b :q :c .",
                ":a :r :c .",
            ),
        ),
    ),
    RuleCase(
        "prp-key",
        given=":C owl:hasKey ( :p :q ) . :a a :C ; :p :v ; :q 1 . :b a :C ; :p :v ; :q 1 .",
        gives=":a owl:sameAs :b . :b owl:sameAs :a .",
        near=":C owl:hasKey ( :p :q ) . :a a :C ; :p :v ; :q 1 . :b a :C ; :p :v ; :q 2 .",
        why="the last key property has two values",
        also_by=("eq-sym",),
        more=(
            More(
                "a key of one property",
                ":C owl:hasKey ( :p ) . :a a :C ; :p :v . :b a :C ; :p :v .",
                ":a owl:sameAs :b .",
            ),
            More(
                "one shared value among several is enough",
                ":C owl:hasKey ( :p ) . :a a :C ; :p :u , :v . :b a :C ; :p :v , :w .",
                ":a owl:sameAs :b .",
            ),
            More(
                "values equal in other clothes",
                ":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b a :C ; :p '1.0'^^xsd:decimal .",
                ":a owl:sameAs :b .",
            ),
            More(
                "a key of three properties",
                """:C owl:hasKey ( :p :q :r ) . :a a :C ; :p :v ; :q :w ; :r :x .
                :b a :C ; :p :v ; :q :w ; :r :x .""",
                ":a owl:sameAs :b .",
            ),
        ),
        misses=(
            More(
                "a key of one property, two values",
                ":C owl:hasKey ( :p ) . :a a :C ; :p :v . :b a :C ; :p :w .",
                ":a owl:sameAs :b .",
            ),
            More(
                "one of the two is not of the class",
                ":C owl:hasKey ( :p ) . :a a :C ; :p :v . :b :p :v .",
                ":a owl:sameAs :b .",
            ),
            More(
                "one of the two has no value",
                ":C owl:hasKey ( :p :q ) . :a a :C ; :p :v ; :q 1 . :b a :C ; :p :v .",
                ":a owl:sameAs :b .",
            ),
        ),
    ),
    RuleCase(
        "prp-npa1",
        given=""":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :a :p :b .""",
        near=""":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :b :p :a .""",
        why="the asserted pair runs the other way",
    ),
    RuleCase(
        "prp-npa2",
        given=":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 5 . :a :p 5 .",
        near=":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 5 . :a :p 6 .",
        why="another value",
        more=(
            More(
                "the value in other clothes",
                """:n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 5 .
                :a :p '+5.0'^^xsd:decimal .""",
            ),
        ),
    ),
]
