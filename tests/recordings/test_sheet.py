"""The speaker's sheet: what is written into it is text."""

from ivr.operations.recordings.script import ScriptLine, as_html

LINE = ScriptLine("hello", "hello", 'Press <1> & "2"', "menu", "calmly", "Hello <b>. Press <1>", recorded=False)


def test_markup_in_a_text_is_text() -> None:
    sheet = as_html([LINE], "<i>: what to record")
    assert "<title>&lt;i&gt;: what to record</title>" in sheet
    assert '<td class="text">Press &lt;1&gt; &amp; &#34;2&#34;<p>in: Hello &lt;b&gt;. Press &lt;1&gt;</p></td>' in sheet


def test_a_sheet_with_meanings_has_an_empty_column_for_what_is_said() -> None:
    assert '<td class="said"></td>' in as_html([LINE], "nn: what to record", "bokmål")
    assert '<td class="said"></td>' not in as_html([LINE], "nb: what to record")
