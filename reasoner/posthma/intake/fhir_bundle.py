"""Resources of FHIR R4 from a bundle or a single resource, and the references between them.

References are resolved among the resources at hand, by ``fullUrl``, ``Type/id`` or ``#id`` of a contained resource;
nothing is fetched. A resource that stands there twice is read once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posthma.errors import LimitError, SyntaxRecordError
from posthma.intake.build import NOT_UNDERSTOOD
from posthma.intake.table import Refused
from posthma.intake.tree import Document, Node
from posthma.intake.values import shorten

__all__ = ["Bundle", "Resource", "bundle_of"]

MAX_RESOURCES = 200_000
"""The most resources of one bundle."""


@dataclass(eq=False, slots=True)
class Resource:
    """A resource: its type, its node, and the entry that holds it."""

    kind: str
    node: Node
    entry: Node

    @property
    def key(self) -> str:
        """``Type/id``, or the place of one without an id."""
        name = self.node.get("id").text
        return f"{self.kind}/{name}" if name else self.node.place


@dataclass(slots=True)
class Bundle:
    """Resources that may refer to one another, and the leaves around them."""

    resources: list[Resource] = field(default_factory=list)
    envelope: list[Node] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    told: bool = False
    """Whether the ledger of a patient has taken up what belongs to none, or to several."""
    _index: dict[str, Resource] = field(default_factory=dict)

    def add(self, node: Node, entry: Node, url: str = "", *, listed: bool = True) -> None:
        """Take a resource in; one that is not listed can be referred to, and stands in no ledger."""
        if len(self.resources) >= MAX_RESOURCES:
            raise LimitError(node.document.name, f"more than {MAX_RESOURCES} resources", "give one bundle a line")
        resource = Resource(node.get("resourceType").text, node, entry)
        twin = self._index.get(resource.key)
        if twin is not None:
            node.book(NOT_UNDERSTOOD, f"{shorten(resource.key)} stands already at {twin.node.place}")
        else:
            self._index[resource.key] = resource
        if url:
            self._index.setdefault(url, resource)
        if listed:
            self.resources.append(resource)

    def take(self, node: Node, *, listed: bool = True) -> None:
        """Take in a resource, or what a bundle holds."""
        if node.get("resourceType").text != "Bundle":
            self.add(node, node, listed=listed)
            return
        if node.get("type").text == "history":
            raise SyntaxRecordError(node.place, "a history bundle holds former versions", "give the current resources")
        held: set[str] = set()
        for entry in node.get("entry").each():
            resource = entry.get("resource")
            if resource.get("resourceType").text == "Bundle":
                self.take(resource)
                held.update(leaf.path for leaf in resource.leaves())
            elif resource.get("resourceType"):
                self.add(resource, entry, entry.get("fullUrl").text)
                held.update(leaf.path for leaf in entry.leaves())
        self.envelope += [leaf for leaf in node.leaves() if leaf.path not in held]

    def resolve(self, reference: Node, of: Resource) -> Resource | None:
        """Return what a Reference refers to; None when it is not at hand."""
        text = reference.get("reference").text
        if text.startswith("#"):
            for contained in of.node.get("contained").each():
                if contained.get("id").text == text[1:]:
                    return Resource(contained.get("resourceType").text, contained, of.entry)
            return None
        return self._index.get(text.partition("/_history/")[0]) if text else None

    def all(self, references: Node, of: Resource) -> list[Resource]:
        """Return what of a list of References is at hand."""
        return [found for reference in references.each() if (found := self.resolve(reference, of))]


def bundle_of(document: Document) -> Bundle:
    """Return the resources of one document.

    Raises:
        SyntaxRecordError: It is no FHIR resource, or a bundle of history.
        LimitError: It holds too many resources.
    """
    bundle = Bundle()
    root = document.root
    if not root.get("resourceType"):
        raise SyntaxRecordError(document.name, "is no FHIR resource: no resourceType", "give a Bundle of FHIR R4")
    bundle.take(root)
    return bundle
