"""Log-in, password and error pages: words in both languages, a number, and a way out."""

from http import HTTPStatus

import pytest
from django.template import loader
from django.utils import translation

from departments.roles import Role
from tests.builders import PASSWORD, make_region, make_user


@pytest.mark.parametrize(
    ("template", "chinese", "english"),
    [
        ("403.html", "您的角色不包含此功能。", "Your role does not include this."),
        ("404.html", "没有此页面，或不在您的权限范围内。", "There is no such page, or it is outside your scope."),
        ("429.html", "本机尝试登录次数过多。", "Too many attempts from this computer."),
        ("500.html", "页面无法生成，是系统的问题。", "The page could not be made; the fault is ours."),
        ("503.html", "数据库暂时没有响应。", "The database does not answer at the moment."),
    ],
)
def test_error_pages_need_no_request(template, chinese, english):
    for language, sentence in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            text = loader.get_template(template).render({"request_number": "abc123", "status": 500})
        assert sentence in text
        assert "abc123" in text
        assert 'href="/"' in text
        assert f'lang="{language}"' in text


def test_a_refusal_says_its_own_sentence_and_a_forged_form_another():
    page = loader.get_template("403.html")
    with translation.override("en"):
        assert "Ask the office." in page.render({"reason": "Ask the office."})
        assert "This form belongs to an earlier log-in." in page.render({"is_forged": True})
        assert "&lt;b&gt;" in page.render({"reason": "<b>"})


@pytest.mark.django_db
def test_logging_in_leads_to_where_one_wanted_to_go(client):
    user = make_user(Role.LEADER, at=make_region("1404"))
    answer = client.get("/targets/")
    assert answer.url == "/login/?next=/targets/"
    form = {"username": user.username, "password": PASSWORD, "next": "/targets/"}
    assert client.post("/login/", form).url == "/targets/"


@pytest.mark.django_db
def test_wrong_name_and_wrong_password_get_the_same_answer(client):
    user = make_user(Role.LEADER, at=make_region("1404"))
    answers = [
        client.post("/login/", {"username": name, "password": "wrong"}, headers={"accept-language": "en"})
        for name in (user.username, "nobody-at-all")
    ]
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    texts = {str(answer.context["form"].non_field_errors()) for answer in answers}
    assert len(texts) == 1
    assert all('role="alert"' in answer.content.decode() for answer in answers)


@pytest.mark.django_db
def test_the_log_in_page_can_be_read_in_either_language(client):
    assert "请使用安全管理员分配的账号。" in client.get("/login/").content.decode()
    assert "Use the account" in client.get("/login/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.django_db
def test_changing_the_password_names_what_is_wrong_at_its_field(client):
    client.force_login(make_user(Role.LEADER, at=make_region("1404")))
    answer = client.post(
        "/account/password/",
        {"old_password": "wrong", "new_password1": "short", "new_password2": "other"},
        headers={"accept-language": "en"},
    )
    text = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert text.count("errorlist") >= 2
    assert "field bad" in text
    done = client.post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": "another-long-one-9", "new_password2": "another-long-one-9"},
    )
    assert done.status_code == HTTPStatus.FOUND


@pytest.mark.django_db
def test_logging_out_takes_a_form(client):
    client.force_login(make_user(Role.LEADER, at=make_region("1404")))
    assert client.get("/logout/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post("/logout/").status_code == HTTPStatus.FOUND
    assert client.get("/").url.startswith("/login/")
