"""One right step and near misses for every OWL 2 RL rule, written from the profile's tables 4 to 9.

A line is ``rule + premises => conclusion`` for a right step and ``rule - premises => conclusion`` for a wrong one, in
Turtle with ``:`` for an example namespace; ``false`` is a contradiction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINES = """
eq-ref + :s :p :o => :s owl:sameAs :s
eq-ref + :s :p :o => :p owl:sameAs :p
eq-ref + :s :p :o => :o owl:sameAs :o
eq-ref - :s :p :o => :x owl:sameAs :x
eq-ref - :s :p :o => :s owl:sameAs :o
eq-sym + :x owl:sameAs :y => :y owl:sameAs :x
eq-sym - :x owl:sameAs :y => :y owl:sameAs :z
eq-sym - :x owl:differentFrom :y => :y owl:sameAs :x
eq-trans + :x owl:sameAs :y . :y owl:sameAs :z => :x owl:sameAs :z
eq-trans - :x owl:sameAs :y . :z owl:sameAs :y => :x owl:sameAs :z
eq-rep-s + :s owl:sameAs :t . :s :p :o => :t :p :o
eq-rep-s - :t owl:sameAs :s . :s :p :o => :t :p :o
eq-rep-p + :p owl:sameAs :q . :s :p :o => :s :q :o
eq-rep-p - :p owl:sameAs :q . :s :p :o => :s :r :o
eq-rep-o + :o owl:sameAs :n . :s :p :o => :s :p :n
eq-rep-o + 1 owl:sameAs "01"^^xsd:integer . :s :p 1 => :s :p "01"^^xsd:integer
eq-rep-o - :o owl:sameAs :n . :s :p :o => :s :q :n
eq-rep-o - :s :p 1 => :s :p "01"^^xsd:integer
eq-diff1 + :x owl:sameAs :y . :x owl:differentFrom :y => false
eq-diff1 - :x owl:sameAs :y . :x owl:differentFrom :z => false
eq-diff1 - :x owl:sameAs :y . :x owl:differentFrom :y => :x a owl:Nothing
eq-diff2 + :d a owl:AllDifferent . :d owl:members (:a :b :c) . :a owl:sameAs :c => false
eq-diff2 + :d a owl:AllDifferent . :d owl:members (:a :b :c) . :c owl:sameAs :b => false
eq-diff2 - :d a owl:AllDifferent . :d owl:members (:a :b :c) . :a owl:sameAs :x => false
eq-diff2 - :d a owl:AllDifferent . :d owl:members (:a :b :c) . :a owl:sameAs :a => false
eq-diff2 - :d a owl:AllDifferent . :d owl:distinctMembers (:a :b) . :a owl:sameAs :b => false
eq-diff3 + :d a owl:AllDifferent . :d owl:distinctMembers (:a :b) . :a owl:sameAs :b => false
eq-diff3 - :d a owl:AllDifferent . :d owl:distinctMembers (:a :b) . :a owl:differentFrom :b => false

prp-ap + => rdfs:label a owl:AnnotationProperty
prp-ap - => :note a owl:AnnotationProperty
prp-ap - => rdfs:label a owl:ObjectProperty
prp-dom + :p rdfs:domain :c . :x :p :y => :x a :c
prp-dom - :p rdfs:domain :c . :x :p :y => :y a :c
prp-dom - :p rdfs:domain :c . :x :q :y => :x a :c
prp-rng + :p rdfs:range :c . :x :p :y => :y a :c
prp-rng + :p rdfs:range xsd:integer . :x :p "a" => "a" a xsd:integer
prp-rng - :p rdfs:range :c . :x :p :y => :x a :c
prp-fp + :p a owl:FunctionalProperty . :x :p :y . :x :p :z => :y owl:sameAs :z
prp-fp - :p a owl:FunctionalProperty . :x :p :y . :w :p :z => :y owl:sameAs :z
prp-fp - :p a owl:InverseFunctionalProperty . :x :p :y . :x :p :z => :y owl:sameAs :z
prp-ifp + :p a owl:InverseFunctionalProperty . :x :p :y . :z :p :y => :x owl:sameAs :z
prp-ifp - :p a owl:InverseFunctionalProperty . :x :p :y . :x :p :z => :y owl:sameAs :z
prp-irp + :p a owl:IrreflexiveProperty . :x :p :x => false
prp-irp - :p a owl:IrreflexiveProperty . :x :p :y => false
prp-symp + :p a owl:SymmetricProperty . :x :p :y => :y :p :x
prp-symp - :p a owl:SymmetricProperty . :x :q :y => :y :q :x
prp-asyp + :p a owl:AsymmetricProperty . :x :p :y . :y :p :x => false
prp-asyp - :p a owl:AsymmetricProperty . :x :p :y . :y :p :z => false
prp-trp + :p a owl:TransitiveProperty . :x :p :y . :y :p :z => :x :p :z
prp-trp - :p a owl:TransitiveProperty . :x :p :y . :w :p :z => :x :p :z
prp-spo1 + :p rdfs:subPropertyOf :q . :x :p :y => :x :q :y
prp-spo1 - :p rdfs:subPropertyOf :q . :x :q :y => :x :p :y
prp-spo2 + :p owl:propertyChainAxiom (:q :r) . :a :q :b . :b :r :c => :a :p :c
prp-spo2 + :p owl:propertyChainAxiom (:q :r :q) . :a :q :b . :b :r :c . :c :q :d => :a :p :d
prp-spo2 + :p owl:propertyChainAxiom (:q :q) . :a :q :a => :a :p :a
prp-spo2 - :p owl:propertyChainAxiom (:q :r) . :a :q :b . :d :r :c => :a :p :c
prp-spo2 - :p owl:propertyChainAxiom (:q :r) . :a :r :b . :b :q :c => :a :p :c
prp-spo2 - :p owl:propertyChainAxiom (:q :r :q) . :a :q :b . :b :r :c => :a :p :c
prp-eqp1 + :p owl:equivalentProperty :q . :x :p :y => :x :q :y
prp-eqp1 - :p owl:equivalentProperty :q . :x :q :y => :x :p :y
prp-eqp2 + :p owl:equivalentProperty :q . :x :q :y => :x :p :y
prp-eqp2 - :p owl:equivalentProperty :q . :x :p :y => :x :q :y
prp-pdw + :p owl:propertyDisjointWith :q . :x :p :y . :x :q :y => false
prp-pdw - :p owl:propertyDisjointWith :q . :x :p :y . :x :q :z => false
prp-adp + :d a owl:AllDisjointProperties . :d owl:members (:p :q :r) . :x :q :y . :x :r :y => false
prp-adp - :d a owl:AllDisjointProperties . :d owl:members (:p :q :r) . :x :q :y . :x :s :y => false
prp-adp - :d a owl:AllDisjointProperties . :d owl:members (:p :q :r) . :x :q :y => false
prp-inv1 + :p owl:inverseOf :q . :x :p :y => :y :q :x
prp-inv1 - :p owl:inverseOf :q . :x :q :y => :y :p :x
prp-inv2 + :p owl:inverseOf :q . :x :q :y => :y :p :x
prp-inv2 - :p owl:inverseOf :q . :x :p :y => :y :q :x
prp-key + :c owl:hasKey (:p :q) . :x a :c . :y a :c . :x :p 1 . :y :p 1 . :x :q :v . :y :q :v => :x owl:sameAs :y
prp-key - :c owl:hasKey (:p :q) . :x a :c . :y a :c . :x :p 1 . :y :p 1 . :x :q :v . :y :q :w => :x owl:sameAs :y
prp-key - :c owl:hasKey (:p :q) . :x a :c . :y a :c . :x :p 1 . :y :p 1 => :x owl:sameAs :y
prp-key - :c owl:hasKey (:p :q) . :x a :c . :y a :c . :w :p 1 . :y :p 1 . :w :q :v . :y :q :v => :x owl:sameAs :y
prp-key - :c owl:hasKey (:p :q) . :x a :c . :y a :c . :x :p 1 . :w :p 1 . :x :q :v . :w :q :v => :x owl:sameAs :y
prp-key - :c owl:hasKey (:p) . :x a :c . :y a :d . :x :p 1 . :y :p 1 => :x owl:sameAs :y
prp-npa1 + :n owl:sourceIndividual :a . :n owl:assertionProperty :p . :n owl:targetIndividual :b . :a :p :b => false
prp-npa1 - :n owl:sourceIndividual :a . :n owl:assertionProperty :p . :n owl:targetIndividual :b . :b :p :a => false
prp-npa2 + :n owl:sourceIndividual :a . :n owl:assertionProperty :p . :n owl:targetValue 5 . :a :p 5 => false
prp-npa2 - :n owl:sourceIndividual :a . :n owl:assertionProperty :p . :n owl:targetValue 5 . :a :p 6 => false

cls-thing + => owl:Thing a owl:Class
cls-thing - => :C a owl:Class
cls-nothing1 + => owl:Nothing a owl:Class
cls-nothing1 - => owl:Thing a owl:Class
cls-nothing2 + :x a owl:Nothing => false
cls-nothing2 - :x a owl:Thing => false
cls-int1 + :c owl:intersectionOf (:a :b :d) . :y a :a . :y a :b . :y a :d => :y a :c
cls-int1 + :c owl:intersectionOf (:a :a) . :y a :a => :y a :c
cls-int1 - :c owl:intersectionOf (:a :b :d) . :y a :a . :y a :b => :y a :c
cls-int1 - :c owl:intersectionOf (:a :b :d) . :y a :a . :y a :b . :z a :d => :y a :c
cls-int1 - :c owl:unionOf (:a :b) . :y a :a . :y a :b => :y a :c
cls-int1 - :c owl:intersectionOf () => :y a :c
cls-int2 + :c owl:intersectionOf (:a :b) . :y a :c => :y a :b
cls-int2 - :c owl:intersectionOf (:a :b) . :y a :c => :y a :d
cls-uni + :c owl:unionOf (:a :b) . :y a :b => :y a :c
cls-uni - :c owl:unionOf (:a :b) . :y a :d => :y a :c
cls-uni - :c owl:intersectionOf (:a :b) . :y a :b => :y a :c
cls-com + :c owl:complementOf :d . :x a :c . :x a :d => false
cls-com - :c owl:complementOf :d . :x a :c . :y a :d => false
cls-svf1 + :r owl:someValuesFrom :c . :r owl:onProperty :p . :u :p :v . :v a :c => :u a :r
cls-svf1 - :r owl:someValuesFrom :c . :r owl:onProperty :p . :u :p :v . :w a :c => :u a :r
cls-svf1 - :r owl:allValuesFrom :c . :r owl:onProperty :p . :u :p :v . :v a :c => :u a :r
cls-svf2 + :r owl:someValuesFrom owl:Thing . :r owl:onProperty :p . :u :p :v => :u a :r
cls-svf2 - :r owl:someValuesFrom :c . :r owl:onProperty :p . :u :p :v => :u a :r
cls-avf + :r owl:allValuesFrom :c . :r owl:onProperty :p . :u a :r . :u :p :v => :v a :c
cls-avf - :r owl:allValuesFrom :c . :r owl:onProperty :p . :u :p :v => :v a :c
cls-hv1 + :r owl:hasValue :v . :r owl:onProperty :p . :u a :r => :u :p :v
cls-hv1 - :r owl:hasValue 1 . :r owl:onProperty :p . :u a :r => :u :p "01"^^xsd:integer
cls-hv2 + :r owl:hasValue :v . :r owl:onProperty :p . :u :p :v => :u a :r
cls-hv2 - :r owl:hasValue :v . :r owl:onProperty :p . :u :p :w => :u a :r
cls-maxc1 + :r owl:maxCardinality "0"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :u a :r . :u :p :y => false
cls-maxc1 - :r owl:maxCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :u a :r . :u :p :y => false
cls-maxc1 - :r owl:maxCardinality "0" . :r owl:onProperty :p . :u a :r . :u :p :y => false
cls-maxc2 + :r owl:maxCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :u a :r . :u :p :y . :u :p :z \
    => :y owl:sameAs :z
cls-maxc2 - :r owl:maxCardinality "2"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :u a :r . :u :p :y . :u :p :z \
    => :y owl:sameAs :z
cls-maxqc1 + :r owl:maxQualifiedCardinality "0"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :r owl:onClass :c . \
    :u a :r . :u :p :y . :y a :c => false
cls-maxqc1 - :r owl:maxQualifiedCardinality "0"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :r owl:onClass :c . \
    :u a :r . :u :p :y . :y a :d => false
cls-maxqc2 + :r owl:maxQualifiedCardinality "0"^^xsd:nonNegativeInteger . :r owl:onProperty :p . \
    :r owl:onClass owl:Thing . :u a :r . :u :p :y => false
cls-maxqc2 - :r owl:maxQualifiedCardinality "0"^^xsd:nonNegativeInteger . :r owl:onProperty :p . \
    :r owl:onClass :c . :u a :r . :u :p :y => false
cls-maxqc3 + :r owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :r owl:onClass :c . \
    :u a :r . :u :p :y . :y a :c . :u :p :z . :z a :c => :y owl:sameAs :z
cls-maxqc3 - :r owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . :r owl:onClass :c . \
    :u a :r . :u :p :y . :y a :c . :u :p :z . :z a :d => :y owl:sameAs :z
cls-maxqc4 + :r owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . \
    :r owl:onClass owl:Thing . :u a :r . :u :p :y . :u :p :z => :y owl:sameAs :z
cls-maxqc4 - :r owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger . :r owl:onProperty :p . \
    :r owl:onClass owl:Thing . :u a :r . :u :p :y . :v :p :z => :y owl:sameAs :z
cls-oo + :c owl:oneOf (:a :b :d) => :d a :c
cls-oo - :c owl:oneOf (:a :b :d) => :e a :c

cax-sco + :c rdfs:subClassOf :d . :x a :c => :x a :d
cax-sco - :c rdfs:subClassOf :d . :x a :d => :x a :c
cax-eqc1 + :c owl:equivalentClass :d . :x a :c => :x a :d
cax-eqc1 - :c owl:equivalentClass :d . :x a :d => :x a :c
cax-eqc2 + :c owl:equivalentClass :d . :x a :d => :x a :c
cax-eqc2 - :c owl:equivalentClass :d . :x a :c => :x a :d
cax-dw + :c owl:disjointWith :d . :x a :c . :x a :d => false
cax-dw - :c owl:disjointWith :d . :x a :c . :y a :d => false
cax-adc + :k a owl:AllDisjointClasses . :k owl:members (:a :b :c) . :z a :a . :z a :c => false
cax-adc - :k a owl:AllDisjointClasses . :k owl:members (:a :b :c) . :z a :a . :z a :d => false
cax-adc - :k a owl:AllDisjointClasses . :k owl:members (:a :b :c) . :z a :a => false

dt-type1 + => xsd:integer a rdfs:Datatype
dt-type1 - => xsd:date a rdfs:Datatype
dt-type2 + => 5 a xsd:byte
dt-type2 + => "5.0"^^xsd:decimal a xsd:integer
dt-type2 + => "INF"^^xsd:double a xsd:double
dt-type2 + => "a" a xsd:token
dt-type2 - => 128 a xsd:byte
dt-type2 - => "5.5"^^xsd:decimal a xsd:integer
dt-type2 - => "1"^^xsd:double a xsd:float
dt-type2 - => "a b" a xsd:NCName
dt-type2 - => "2017-06-05"^^xsd:date a xsd:date
dt-eq + => "01"^^xsd:integer owl:sameAs 1
dt-eq + => "1.50"^^xsd:decimal owl:sameAs "1.5"^^xsd:decimal
dt-eq + => "1.0"^^xsd:decimal owl:sameAs "+1"^^xsd:long
dt-eq + => "NaN"^^xsd:double owl:sameAs "NaN"^^xsd:double
dt-eq + => "1E2"^^xsd:float owl:sameAs "100"^^xsd:float
dt-eq + => "+INF"^^xsd:double owl:sameAs "INF"^^xsd:double
dt-eq + => "1"^^xsd:boolean owl:sameAs true
dt-eq + => "a" owl:sameAs "a"^^xsd:token
dt-eq - => "1"^^xsd:double owl:sameAs 1
dt-eq - => "1"^^xsd:double owl:sameAs "1"^^xsd:float
dt-eq - => "0"^^xsd:double owl:sameAs "-0"^^xsd:double
dt-eq - => 1 owl:sameAs 2
dt-eq + => "2017-04-10T12:00:00Z"^^xsd:dateTime owl:sameAs "2017-04-10T12:00:00.0Z"^^xsd:dateTimeStamp
dt-eq - => "2017-04-10T12:00:00Z"^^xsd:dateTime owl:sameAs "2017-04-10T14:00:00+02:00"^^xsd:dateTime
dt-eq - => "2017-04-10T12:00:00Z"^^xsd:dateTime owl:sameAs "2017-04-10T12:00:00"^^xsd:dateTime
dt-eq - => "a" owl:sameAs "a"@en
dt-eq - => "x"^^xsd:integer owl:sameAs "x"^^xsd:integer
dt-diff + => 1 owl:differentFrom 2
dt-diff + => "1"^^xsd:double owl:differentFrom 1
dt-diff + => "a" owl:differentFrom "a"@en
dt-diff + => "NaN"^^xsd:double owl:differentFrom "0"^^xsd:double
dt-diff - => "01"^^xsd:integer owl:differentFrom 1
dt-diff - => "x"^^xsd:integer owl:differentFrom 1
dt-diff - => :a owl:differentFrom :b
dt-not-type + "a" a xsd:integer => false
dt-not-type + 200 a xsd:byte => false
dt-not-type + "x"^^xsd:integer a xsd:integer => false
dt-not-type - 100 a xsd:byte => false
dt-not-type - "01"^^xsd:integer a xsd:decimal => false
dt-not-type - "a" a :c => false

scm-cls + :c a owl:Class => :c rdfs:subClassOf :c
scm-cls + :c a owl:Class => :c owl:equivalentClass :c
scm-cls + :c a owl:Class => :c rdfs:subClassOf owl:Thing
scm-cls + :c a owl:Class => owl:Nothing rdfs:subClassOf :c
scm-cls - :c a rdfs:Class => :c rdfs:subClassOf :c
scm-cls - :c a owl:Class => owl:Thing rdfs:subClassOf :c
scm-sco + :a rdfs:subClassOf :b . :b rdfs:subClassOf :c => :a rdfs:subClassOf :c
scm-sco - :a rdfs:subClassOf :b . :c rdfs:subClassOf :b => :a rdfs:subClassOf :c
scm-eqc1 + :a owl:equivalentClass :b => :a rdfs:subClassOf :b
scm-eqc1 + :a owl:equivalentClass :b => :b rdfs:subClassOf :a
scm-eqc1 - :a rdfs:subClassOf :b => :b rdfs:subClassOf :a
scm-eqc2 + :a rdfs:subClassOf :b . :b rdfs:subClassOf :a => :a owl:equivalentClass :b
scm-eqc2 - :a rdfs:subClassOf :b . :b rdfs:subClassOf :c => :a owl:equivalentClass :b
scm-op + :p a owl:ObjectProperty => :p rdfs:subPropertyOf :p
scm-op + :p a owl:ObjectProperty => :p owl:equivalentProperty :p
scm-op - :p a owl:DatatypeProperty => :p rdfs:subPropertyOf :p
scm-dp + :p a owl:DatatypeProperty => :p rdfs:subPropertyOf :p
scm-dp + :p a owl:DatatypeProperty => :p owl:equivalentProperty :p
scm-dp - :p a owl:ObjectProperty => :p rdfs:subPropertyOf :p
scm-spo + :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r => :p rdfs:subPropertyOf :r
scm-spo - :p rdfs:subPropertyOf :q . :r rdfs:subPropertyOf :q => :p rdfs:subPropertyOf :r
scm-eqp1 + :p owl:equivalentProperty :q => :p rdfs:subPropertyOf :q
scm-eqp1 + :p owl:equivalentProperty :q => :q rdfs:subPropertyOf :p
scm-eqp1 - :p owl:inverseOf :q => :p rdfs:subPropertyOf :q
scm-eqp2 + :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p => :p owl:equivalentProperty :q
scm-eqp2 - :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r => :p owl:equivalentProperty :q
scm-dom1 + :p rdfs:domain :c . :c rdfs:subClassOf :d => :p rdfs:domain :d
scm-dom1 - :p rdfs:domain :d . :c rdfs:subClassOf :d => :p rdfs:domain :c
scm-dom2 + :q rdfs:domain :c . :p rdfs:subPropertyOf :q => :p rdfs:domain :c
scm-dom2 - :p rdfs:domain :c . :p rdfs:subPropertyOf :q => :q rdfs:domain :c
scm-rng1 + :p rdfs:range :c . :c rdfs:subClassOf :d => :p rdfs:range :d
scm-rng1 - :p rdfs:range :d . :c rdfs:subClassOf :d => :p rdfs:range :c
scm-rng2 + :q rdfs:range :c . :p rdfs:subPropertyOf :q => :p rdfs:range :c
scm-rng2 - :p rdfs:range :c . :p rdfs:subPropertyOf :q => :q rdfs:range :c
scm-hv + :a owl:hasValue :i . :a owl:onProperty :p . :b owl:hasValue :i . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :a rdfs:subClassOf :b
scm-hv - :a owl:hasValue :i . :a owl:onProperty :p . :b owl:hasValue :j . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :a rdfs:subClassOf :b
scm-svf1 + :a owl:someValuesFrom :y . :a owl:onProperty :p . :b owl:someValuesFrom :z . :b owl:onProperty :p . \
    :y rdfs:subClassOf :z => :a rdfs:subClassOf :b
scm-svf1 - :a owl:someValuesFrom :y . :a owl:onProperty :p . :b owl:someValuesFrom :z . :b owl:onProperty :q . \
    :y rdfs:subClassOf :z => :a rdfs:subClassOf :b
scm-svf2 + :a owl:someValuesFrom :y . :a owl:onProperty :p . :b owl:someValuesFrom :y . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :a rdfs:subClassOf :b
scm-svf2 - :a owl:someValuesFrom :y . :a owl:onProperty :p . :b owl:someValuesFrom :y . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :b rdfs:subClassOf :a
scm-avf1 + :a owl:allValuesFrom :y . :a owl:onProperty :p . :b owl:allValuesFrom :z . :b owl:onProperty :p . \
    :y rdfs:subClassOf :z => :a rdfs:subClassOf :b
scm-avf1 - :a owl:allValuesFrom :y . :a owl:onProperty :p . :b owl:allValuesFrom :z . :b owl:onProperty :p . \
    :y rdfs:subClassOf :z => :b rdfs:subClassOf :a
scm-avf2 + :a owl:allValuesFrom :y . :a owl:onProperty :p . :b owl:allValuesFrom :y . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :b rdfs:subClassOf :a
scm-avf2 - :a owl:allValuesFrom :y . :a owl:onProperty :p . :b owl:allValuesFrom :y . :b owl:onProperty :q . \
    :p rdfs:subPropertyOf :q => :a rdfs:subClassOf :b
scm-int + :c owl:intersectionOf (:a :b) => :c rdfs:subClassOf :b
scm-int - :c owl:intersectionOf (:a :b) => :b rdfs:subClassOf :c
scm-uni + :c owl:unionOf (:a :b) => :b rdfs:subClassOf :c
scm-uni - :c owl:unionOf (:a :b) => :c rdfs:subClassOf :b
"""

PREFIXES = {
    "": "http://example.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "p": "https://w3id.org/posthma/ontology/",
    "kb": "https://w3id.org/posthma/kb/",
    "r": "http://example.org/record/",
}
FALSE = [
    "<https://w3id.org/posthma/ontology/Contradiction>",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
    "<http://www.w3.org/2002/07/owl#Nothing>",
]
_WORD = re.compile(r'\([^)]*\)|"[^"]*"(?:\^\^[\w:]+|@\w+)?|[^\s()]+')


@dataclass(frozen=True)
class OwlStep:
    """One line of the table above."""

    rule: str
    right: bool
    premises: tuple[tuple[str, str, str], ...]
    conclusion: tuple[str, str, str]
    text: str


def token(word: str) -> str:
    """Write a word of Turtle as an N-Triples token, a list as a list token."""
    if word.startswith("("):
        return "(" + " ".join(token(part) for part in _WORD.findall(word[1:-1])) + ")"
    if word.startswith(("<", "_:")):
        return word
    if word.startswith('"'):
        body, mark, datatype = word.partition("^^")
        return f"{body}^^{token(datatype)}" if mark else word
    if re.fullmatch(r"[+-]?\d+", word):
        return f'"{word}"^^{token("xsd:integer")}'
    if re.fullmatch(r"[+-]?\d+\.\d+", word):
        return f'"{word}"^^{token("xsd:decimal")}'
    if word in ("true", "false"):
        return f'"{word}"^^{token("xsd:boolean")}'
    if word == "a":
        return token("rdf:type")
    prefix, _, local = word.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def triple(text: str) -> tuple[str, str, str]:
    """Write a triple of Turtle words as tokens."""
    subject, predicate, obj = (token(word) for word in _WORD.findall(text))
    return subject, predicate, obj


def steps() -> list[OwlStep]:
    """Return all lines."""
    found = []
    for line in LINES.splitlines():
        if not line.strip():
            continue
        rule, sign, rest = line.split(maxsplit=2)
        premises, _, conclusion = rest.partition("=>")
        read = tuple(triple(text) for text in premises.split(" . ") if text.strip())
        concluded = (FALSE[0], FALSE[1], FALSE[2]) if conclusion.strip() == "false" else triple(conclusion)
        found.append(OwlStep(rule, sign == "+", read, concluded, " ".join(line.split())))
    return found
