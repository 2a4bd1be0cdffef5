"""Reading patient records into the terms of the ontology."""
