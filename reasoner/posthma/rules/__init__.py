"""Rules: OWL axioms and SPARQL files compiled to one form, specialised, stratified, planned."""
