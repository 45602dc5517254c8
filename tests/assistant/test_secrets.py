"""Nobody of a shop asks for a password or a card's code in a chat: code keeps it back, whatever a model was led to."""

from __future__ import annotations

import pytest

from assistant.guardrails.evidence import Evidence
from assistant.guardrails.verdict import judge

ASKED = [
    (
        "en",
        "Please paste the full code into this chat so that our team can check the balance and block the card for you.",
    ),
    ("en", "Can you send me your card number and CVV?"),
    ("en", "I'll need your password to look into the account."),
    ("en", "Please tell us the one-time code you got by text."),
    ("de", "Schicken Sie mir bitte den vollständigen Code hier in den Chat, dann prüfe ich Ihr Guthaben."),
    ("de", "Nennen Sie mir bitte Ihr Passwort."),
    ("de", "Können Sie mir Ihre Kartennummer und die Prüfziffer geben, schreiben Sie mir bitte die PIN."),
    ("de", "Ich brauche noch den Sicherheitscode Ihrer Karte."),
    ("fr", "Envoyez-moi simplement le code complet de votre carte et je vérifierai le solde pour vous."),
    ("fr", "Donnez-moi votre mot de passe."),
    ("fr", "J'ai besoin du cryptogramme au dos."),
    ("es", "Envíeme su contraseña, por favor."),
    ("es", "Dígame el número completo de su tarjeta."),
    ("es", "Pegue aquí el código completo de la tarjeta."),
    ("es", "Necesito el CVV de la tarjeta."),
    ("pt-BR", "Para eu consultar o saldo do vale-presente, mande o código completo aqui no chat."),
    ("pt-BR", "Me passa a senha, por favor: envie sua senha."),
    ("pt-BR", "Preciso do código de segurança do cartão."),
    ("id", "Kirimkan kata sandi Anda di sini."),
    ("id", "Tolong tuliskan kode kartu hadiah secara lengkap di chat ini."),
    ("id", "Saya perlu OTP yang Anda terima."),
    ("ar", "أرسل لي كلمة المرور من فضلك."),
    ("ar", "اكتب رمز البطاقة كاملًا هنا في المحادثة."),
    ("ar", "أحتاج إلى رمز التحقق."),
    ("ja", "パスワードを教えてください。"),
    ("ja", "ギフトカードのコードをすべてこのチャットに入力してください。"),
    ("ja", "カード番号をお送りいただけますか？"),
    ("zh-CN", "请把完整的礼品卡卡号发到这里。"),
    ("zh-CN", "请告诉我您的支付密码。"),
    ("zh-CN", "麻烦提供短信验证码。"),
]

SAID = [
    ("en", "Never send the full code of a gift card in a chat."),
    ("en", "Enter the code at checkout."),
    ("en", "Our team never asks you to send your password."),
    ("en", "Please give me your order number and your postcode."),
    ("en", "Send me the last four digits of your card number."),
    ("en", "You can enter your card number at checkout."),
    ("de", "Teilen Sie den vollständigen Code nie im Chat."),
    ("de", "Geben Sie den Code an der Kasse ein."),
    ("de", "Nennen Sie mir bitte Ihre Bestellnummer und die Postleitzahl."),
    ("de", "Ihre Kartennummer sehen wir nicht."),
    ("fr", "Ne communiquez jamais le code complet de votre carte."),
    ("fr", "Donnez-moi votre numéro de commande et votre code postal."),
    ("fr", "Saisissez le code au moment du paiement."),
    ("es", "Nunca comparta el código completo."),
    ("es", "Indíqueme el número de pedido y el código postal."),
    ("es", "Introduzca el código al pagar."),
    ("pt-BR", "Nunca envie o código completo."),
    ("pt-BR", "Informe o número do pedido e o CEP."),
    ("id", "Jangan pernah mengirim kode lengkap."),
    ("id", "Berikan nomor pesanan dan kode pos Anda."),
    ("ar", "لا ترسل رمز البطاقة كاملًا أبدًا."),
    ("ar", "أرسل لي رقم الطلب والرمز البريدي."),
    ("ja", "パスワードを教えないでください。"),
    ("ja", "ご注文番号と郵便番号をお知らせください。"),
    ("zh-CN", "请不要把完整的卡号发给任何人。"),
    ("zh-CN", "请提供订单号和邮编。"),
]


@pytest.mark.parametrize(("language", "text"), ASKED)
def test_a_secret_is_not_asked_for(language: str, text: str) -> None:
    assert "it asks for a secret" in judge(text, Evidence(language)).reasons


@pytest.mark.parametrize(("language", "text"), SAID)
def test_a_warning_and_a_number_that_is_no_secret_are_shown(language: str, text: str) -> None:
    assert "it asks for a secret" not in judge(text, Evidence(language)).reasons
