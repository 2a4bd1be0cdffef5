"""What the tests of agents, genes, mechanisms, trials and publications share: kinds, sections of the article, queries."""

from __future__ import annotations

from pathlib import Path

from tests.kb.graphs import ROOT

P = "https://w3id.org/posthma/ontology/"
KB = "https://w3id.org/posthma/kb/"
PREFIXES = f"PREFIX p: <{P}> PREFIX kb: <{KB}> PREFIX dcterms: <http://purl.org/dc/terms/> "
PREFIXES += "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "

CARE = {"Procedure", "RegimenClass", "Regimen", "Strategy", "SupportiveMeasure", "PriorExposure"}
AGENTS = {"Drug", "DrugClass", "DoseVariant", "FixedCombination", "PreclinicalTool"} | CARE
TARGETS = {"BiologicalProcess", "GeneProduct", "Pathway", "ProteinComplex", "ProteinFamily"}
GENOMIC = {"CytogeneticFinding", "Gene", "GeneGroup", "GeneVariant", "GenomicAssociation", "GenomicFinding"}
MECHANISMS = {"Mechanism", "ResistanceMechanism", "ToxicityMechanism"}
KINDS = AGENTS | TARGETS | GENOMIC | MECHANISMS | {"Trial"}
# No place in the article: the control of a registered trial, ways of giving that another file describes, and
# spliceosome genes that the report of a trial names (p:seenIn), where the article names only the group.
PLACELESS = {"placebo", "alternativeDoseHma", "fiveTwoTwoHma", "hmaInterruption", "oralHma", "prolongedHma",
             "standardDoseHma", "u2af1", "zrsr2"}  # fmt: skip

# Section as we name it -> how its first line begins, and how the first line after it begins.
SECTIONS = {
    "Abstract": (" Hypomethylating agents (HMA)", "Introduction"),
    "Introduction": ("Introduction", "Optimal management of therapy"),
    "How do I manage HMA failure in absence of a clinical trial?": ("How do I manage", "Timing of evaluation"),
    "How do I manage HMA failure in absence of a clinical trial? / Patient 1": ("Patient 1:", "Patient 2:"),
    "How do I manage HMA failure in absence of a clinical trial? / Patient 2": ("Patient 2:", "Optimization of"),
    "Timing of evaluation": ("Timing of evaluation", "Dosing and schedules"),
    "Dosing and schedules": ("Dosing and schedules", "Reinforcing HMA therapy"),
    "Reinforcing HMA therapy": ("Reinforcing HMA therapy", "Definition of HMA resistance"),
    "Definition of HMA resistance": ("Definition of HMA resistance", "DNA methylation"),
    "DNA methylation": ("DNA methylation", "Response to HMAs"),
    "Response to HMAs and somatic mutations": ("Response to HMAs", " Figure 1."),
    "Figure 1 caption": (" Figure 1.", " Prediction of response"),
    "Prediction of response": (" Prediction of response", "Management of HMA failures"),
    "Management of HMA failures": ("Management of HMA failures", "Experimental agents and"),
    "Management of HMA failures / HSCT": ("HSCT MDS patients", "High-dose chemotherapy"),
    "Management of HMA failures / High-dose chemotherapy": ("High-dose chemotherapy", "Low-dose chemotherapy"),
    "Management of HMA failures / Low-dose chemotherapy": ("Low-dose chemotherapy", "Lenalidomide In"),
    "Management of HMA failures / Lenalidomide": ("Lenalidomide In", "Sequential use of HMAs"),
    "Management of HMA failures / Sequential use of HMAs": ("Sequential use of HMAs", "Experimental agents and"),
    "Experimental agents and combinatory experimental trials": ("Experimental agents and", "How do I select"),
    "How do I select a clinical trial after HMA failure? / Patient 3": ("How do I select", "Novel HMAs"),
    "Novel HMAs": ("Novel HMAs", "Targeted therapies"),
    "Novel HMAs / Patient 4": ("Patient 4", "Targeted therapies"),
    "Targeted therapies / IDH2 and IDH1 inhibitors": ("IDH2 and IDH1 inhibitors", "Spliceosome inhibitory"),
    "Targeted therapies / Spliceosome inhibitory agents": ("Spliceosome inhibitory", "BCL2 inhibition"),
    "Targeted therapies / BCL2 inhibition": ("BCL2 inhibition", "Multikinase inhibition"),
    "Targeted therapies / Multikinase inhibition": ("Multikinase inhibition", "Immunotherapy"),
    "Immunotherapy": ("Immunotherapy", "New chemotherapy formulation"),
    "New chemotherapy formulation": ("New chemotherapy formulation", "Add-on strategy"),
    "Add-on strategy": ("Add-on strategy", "Conclusions"),
    "Conclusions": ("Conclusions", None),
}

OWN = ["kb/agents", "kb/publications", "kb/genes.ttl", "kb/mechanisms.ttl", "kb/trials.ttl", "ontology/mechanism.ttl"]


def own_files() -> list[Path]:
    """Return the files of agents, genes, mechanisms, trials, publications and their vocabulary."""
    found = [
        file for name in OWN for file in ([ROOT / name] if name.endswith(".ttl") else (ROOT / name).rglob("*.ttl"))
    ]
    assert len(found) >= 11
    return sorted(found)


def ask(store, text):
    return list(store.query(PREFIXES + text))


def local(term):
    return term.value.rsplit("/", 1)[1] if term is not None else None


def entries(store, kinds=KINDS):
    """Return the entries of the kinds, each with its kind."""
    types = " ".join(f"p:{kind}" for kind in sorted(kinds))
    rows = ask(store, f"SELECT ?s ?k {{ VALUES ?k {{ {types} }} ?s a ?k }}")
    return {local(row["s"]): local(row["k"]) for row in rows}


def values(store, name, path):
    return {row["o"] for row in ask(store, f"SELECT ?o {{ kb:{name} {path} ?o }}")}
