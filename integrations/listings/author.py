"""Asking the configured models for a listing: each in turn, within the day's budget, for JSON of a schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.facts import Facts
from knowledge.listings import Draft
from knowledge.marketplaces import Marketplace
from tools.attesting.proposals import ModelSilent
from tools.listings.author import Author

if TYPE_CHECKING:
    from integrations.listings.workshop import Workshop
    from integrations.models.serving import Serving


@dataclass(frozen=True)
class Models:
    """Models in the order they are asked, and the budget they share. `form` is what the schema is called."""

    writers: list[tuple[str, Any]]
    budget: Any
    use: Any
    faults: type[Exception]
    form: str = "listing"

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]:
        """An answer and who gave it. A server that refuses a schema is asked without. Raises ModelSilent."""
        from langchain_core.messages import HumanMessage, SystemMessage

        messages = [SystemMessage(instructions), HumanMessage(task)]
        form = {"type": "json_schema", "json_schema": {"name": self.form, "strict": True, "schema": dict(schema)}}
        why = "no model is configured"
        for name, model in self.writers:
            for more in ({"response_format": form}, {}):
                if not await self.budget.allows(messages, self.use()):
                    raise ModelSilent("The budget for models is used up.")
                try:
                    answer = await model.ainvoke(messages, **more)
                except self.faults as fault:
                    why = str(fault)
                    continue
                await self.budget.note(name, answer.usage_metadata)
                return str(answer.text), name
        raise ModelSilent(f"No model gave a whole answer: {why}")


@dataclass(frozen=True)
class ModelWriter:
    """Writes drafts with models, under the workshop's voice."""

    author: Author
    rivals: Callable[[Facts], tuple[str, ...]]

    async def write(self, facts: Facts, market: Marketplace, locale: str, on: date) -> Draft:
        """A draft by a model, checked; the templates' text where it fails."""
        return await self.author.write(facts, market, locale, on, self.rivals(facts))


def open_author(serving: Serving, workshop: Workshop, emphasis: str = "") -> ModelWriter:
    """A writer over models. `emphasis` are reviews or competitors' texts: they show what to stress, no more."""
    from assistant.guardrails.untrusted import fence

    return ModelWriter(Author(models_of(serving), fence, workshop.voice, emphasis), workshop.rivals)


def models_of(serving: Serving, form: str = "listing") -> Models:
    """The configured models, to be asked in turn; `form` is what the schema is called."""
    from integrations.models.budget import Use
    from integrations.models.faults import ModelFault

    return Models(serving.writers(), serving.budget, Use, ModelFault, form)
