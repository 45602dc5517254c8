"""Other agents that do the same job: one tool, a system prompt, a streamed answer. Each builder raises ImportError
where its framework is not installed.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROMPT = "You are the assistant of an online shop. Use the tools. Be brief."
QUESTION = "Where is my order AQ-10100?"
KEY = "none"
STOCK = "create_agent + ChatOpenAI"
SIZES = {"show_order": 1000, "show_product": 2000}
"""Letters that the tool of each name returns, as near as our own do."""

Turn = Callable[[str], Awaitable[str]]


def result_of(tool: str) -> str:
    """A fixed result of a tool."""
    return ("the parcel is with the carrier and on its way to you; " * 60)[: SIZES[tool]]


def _tool(tool: str) -> Callable[..., Any]:
    """The tool as a plain function that frameworks read: name, argument, description."""
    if tool == "show_order":

        async def show_order(order_id: str) -> str:  # noqa: ARG001
            """Look an order up by its number."""
            return result_of("show_order")

        return show_order

    async def show_product(product: str) -> str:  # noqa: ARG001
        """Show a product by its number."""
        return result_of("show_product")

    return show_product


async def _agent_turn(agent: Any, durability: Any) -> Turn:
    async def turn(thread: str) -> str:
        said = ""
        config = {"configurable": {"thread_id": thread}, "recursion_limit": 30}
        given = {"messages": [("user", QUESTION)]}
        async for mode, part in agent.astream(
            given, config, stream_mode=["messages", "updates"], durability=durability
        ):
            if mode == "messages" and part[0].type == "AIMessageChunk":
                said += part[0].text
        return said

    return turn


@dataclass
class Job:
    """What a contender is built for: the server, the model's name there, the tool, a folder of its own, and what closes
    it at the end.
    """

    address: str
    model: str
    tool: str
    folder: Path
    stack: AsyncExitStack


async def agent_layer(job: Job) -> Turn:
    """Our model and our store under a bare agent: without guardrails, gate, masking and the shop."""
    from langchain.agents import create_agent
    from pydantic import SecretStr

    from integrations.conversations import open_conversations
    from integrations.models import Server, open_served_model
    from integrations.models.client import Client

    client = Client(Server(job.address, SecretStr(KEY)))
    job.stack.push_async_callback(client.close)
    home = job.folder / "layer"
    home.mkdir()
    saver = await job.stack.enter_async_context(open_conversations(home))
    chat = open_served_model(job.model, client)
    return await _agent_turn(create_agent(chat, [_tool(job.tool)], system_prompt=PROMPT, checkpointer=saver), "exit")


async def stock(job: Job) -> Turn:
    """LangChain as it comes, with its SQLite saver."""
    from langchain.agents import create_agent
    from langchain_openai import ChatOpenAI
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    saver = await job.stack.enter_async_context(AsyncSqliteSaver.from_conn_string(str(job.folder / "stock.sqlite3")))
    chat = ChatOpenAI(model=job.model, base_url=job.address, api_key=KEY)  # type: ignore[arg-type]
    return await _agent_turn(create_agent(chat, [_tool(job.tool)], system_prompt=PROMPT, checkpointer=saver), None)


async def openai_agents(job: Job) -> Turn:
    """openai-agents with its SQLite session."""
    from agents import Agent, OpenAIChatCompletionsModel, Runner, SQLiteSession, function_tool, set_tracing_disabled
    from openai import AsyncOpenAI

    set_tracing_disabled(True)
    chat = OpenAIChatCompletionsModel(job.model, AsyncOpenAI(base_url=job.address, api_key=KEY))
    agent = Agent(name="shop", instructions=PROMPT, model=chat, tools=[function_tool(_tool(job.tool))])

    async def turn(thread: str) -> str:
        session = SQLiteSession(thread, job.folder / "agents.sqlite3")
        said = ""
        run = Runner.run_streamed(agent, QUESTION, session=session)
        async for event in run.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                said += event.data.delta
        session.close()
        return said

    return turn


async def pydantic_ai(job: Job) -> Turn:
    """pydantic-ai; nothing is kept."""
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    chat = OpenAIChatModel(job.model, provider=OpenAIProvider(base_url=job.address, api_key=KEY))
    agent = Agent(chat, system_prompt=PROMPT, tools=[_tool(job.tool)])

    async def turn(_: str) -> str:
        async with agent.run_stream(QUESTION) as run:
            return "".join([piece async for piece in run.stream_text(delta=True, debounce_by=None)])

    return turn


async def haystack(job: Job) -> Turn:
    """haystack's Agent; nothing is kept."""
    from haystack.components.agents import Agent
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.dataclasses import ChatMessage
    from haystack.tools import Tool
    from haystack.utils import Secret

    function = _tool(job.tool)
    name = next(iter(function.__annotations__))
    parameters = {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}

    def run_tool(**_: str) -> str:
        return result_of(job.tool)

    offered = Tool(name=job.tool, description=str(function.__doc__), parameters=parameters, function=run_tool)
    chat = OpenAIChatGenerator(model=job.model, api_base_url=job.address, api_key=Secret.from_token(KEY))
    agent = Agent(chat_generator=chat, tools=[offered], system_prompt=PROMPT)

    async def turn(_: str) -> str:
        said: list[str] = []

        async def take(chunk: Any) -> None:
            said.append(chunk.content or "")

        await agent.run_async(messages=[ChatMessage.from_user(QUESTION)], streaming_callback=take)
        return "".join(said)

    return turn


BUILDERS = {
    "our model and store, bare agent": agent_layer,
    STOCK: stock,
    "openai-agents": openai_agents,
    "pydantic-ai": pydantic_ai,
    "haystack": haystack,
}
"""Who takes part, by the name they are told under."""
