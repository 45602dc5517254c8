"""A table of orders or customers is no document."""

from __future__ import annotations

import pytest

from knowledge.converters.convert import convert

REFUSED = [
    "Order number;Email;Customer name\n1001;ada@example.com;Ada Lind\n1002;bo@example.com;Bo Ek\n",
    "Bestellnummer;E-Mail;Kunde;PLZ\nA-1;ada@example.com;Ada Lind;10115\n",
    "Name,Email,Lineitem name,Shipping Name\n#1001,ada@example.com,Lamp,Ada\n,,Vase,\n",
    "注文番号,お名前,住所\n1001,山田,東京\n1002,佐藤,大阪\n",
    "Número do pedido,Nome do cliente,Total\n88,Rui,12\n",
    "Customer email,Points\nada@example.com,12\nbo@example.org,9\n",
    "question,answer,email,order\nWhere is it?,On its way,ada@example.com,1001\n",
    "Vorname,Nachname,E-Mail\nAda,Lind,ada@example.com\n",
]

TAKEN = [
    "Store;City;Customer service e-mail\nMitte;Berlin;mitte@shop.example\nOst;Leipzig;ost@shop.example\n",
    "Order value;Customer pays\nup to 50 EUR;4.90 EUR\nabove 50 EUR;nothing\n",
    "Country;Order number of the form;Delivery\nDE;R-1;2 days\nFR;R-2;4 days\n",
    "Question,Answer\nHow do I change my order?,Write to help@shop.example\n",
    "Kundengruppe;Rabatt\nVereine;5 %\nSchulen;10 %\n",
    "Partner,Contact\nNord AG,info@nord.example\nSüd AG,info@sued.example\n",
]


@pytest.mark.parametrize("table", REFUSED)
def test_a_table_of_customers_is_refused_and_says_what_to_do(table: str) -> None:
    with pytest.raises(ValueError, match=r"holds customers' data \(column .*\).*dragoman shop import FILE"):
        convert("orders.csv", table.encode())


@pytest.mark.parametrize("table", TAKEN)
def test_other_tables_are_documents(table: str) -> None:
    assert convert("table.csv", table.encode())
