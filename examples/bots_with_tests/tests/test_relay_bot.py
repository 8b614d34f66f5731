import relay_bot


def test_an_order_is_taken_in_words(serve, ivr_call):
    call = ivr_call(serve(relay_bot.app))
    assert call.heard("Welcome to the bakery")
    call.say("what do you have")
    assert call.last_prompt == "We have bread, buns and cake."
    call.say("two things, a bread and a cake")
    assert call.heard("435 crowns", new=True)


def test_a_person_takes_over_and_knows_the_order(serve, ivr_call):
    call = ivr_call(serve(relay_bot.app))
    call.say("a bread please")
    call.say("and I want to talk to a person")
    assert call.heard("Your order: bread")
    assert call.dialled == ["+4755568700"]


def test_who_hangs_up_is_not_put_through(serve, ivr_call):
    call = ivr_call(serve(relay_bot.app))
    call.hang_up()
    assert call.dialled == []


def test_a_bot_that_lets_nobody_in_puts_the_caller_through_to_a_person(serve, ivr_call):
    call = ivr_call(serve(relay_bot.app), auth_token="somebody else's")
    assert call.warnings == [64102]
    assert call.heard("something went wrong")
    assert call.dialled == ["+4755568700"]
