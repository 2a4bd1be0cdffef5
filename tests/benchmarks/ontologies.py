"""Any ontology: our engine against owlrl on generated ontologies with data, facts compared.

python -m tests.benchmarks.ontologies [--sizes 1 4 16] [--repeat 3]
"""

from __future__ import annotations

import argparse

from tests.benchmarks.measure import interleaved, table
from tests.owl.graphs import OWL, RDFS, TYPE, Triple, triples

import posthma


def ontology(size: int) -> list[Triple]:
    """Return ``size`` small worlds side by side: a hierarchy, a chain, an inverse, restrictions, three individuals."""
    found: set[Triple] = set()
    for n in range(size):
        world = f"""
        :A{n} rdfs:subClassOf :B{n} . :B{n} rdfs:subClassOf :C{n} . :D{n} owl:intersectionOf ( :B{n} :E{n} ) .
        :r{n} owl:someValuesFrom :D{n} ; owl:onProperty :p{n} ; rdfs:subClassOf :F{n} .
        :q{n} owl:propertyChainAxiom ( :p{n} :p{n} ) ; owl:inverseOf :i{n} . :p{n} rdfs:domain :G{n} .
        :x{n} a :A{n} , :E{n} . :y{n} :p{n} :x{n} . :z{n} :p{n} :y{n} . :z{n} :value {n} .
        """
        found |= {tuple(t.replace("_:", f"_:w{n}") for t in triple) for triple in triples(world)}  # type: ignore[misc]
    return sorted(found)


def compare(sizes: list[int], repeat: int) -> str:
    """Close the same ontologies by both and say whether our engine misses anything."""
    from tests.differential import owlrl_oracle

    rows = []
    for size in sizes:
        facts = ontology(size)
        taken = interleaved(
            {"ours": lambda facts=facts: posthma.close(facts), "owlrl": lambda facts=facts: owlrl_oracle.close(facts)},
            repeat,
        )
        closure = posthma.close(facts)
        ours = owlrl_oracle.comparable(closure.asserted | closure.inferred)
        theirs = owlrl_oracle.comparable(owlrl_oracle.close(facts)[0])
        other = len({t for t in ours ^ theirs if _ours_to_say(t)})
        rows.append(
            (
                size,
                len(facts),
                len(closure.inferred),
                other,
                taken["ours"],
                taken["owlrl"],
                taken["owlrl"] / taken["ours"],
            )
        )
    head = ("worlds", "triples", "inferred", "told otherwise", "ours ms", "owlrl ms", "times faster")
    return table("Closing any ontology (medians)", head, rows)


def _ours_to_say(triple: Triple) -> bool:
    """Leave out what is true of every graph."""
    _, p, o = triple
    axiomatic = p == TYPE and o in (f"<{OWL}Class>", f"<{OWL}AnnotationProperty>", f"<{RDFS}Datatype>")
    return not axiomatic


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 4, 16])
    options = parser.parse_args(arguments)
    print(compare(options.sizes, options.repeat))


if __name__ == "__main__":
    main()
