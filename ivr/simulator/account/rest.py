"""Every operation of the account's REST API, resource by resource."""

from ivr.simulator.account import (
    rest_add_ons,
    rest_calls,
    rest_conferences,
    rest_logs,
    rest_media,
    rest_numbers,
    rest_queues,
    rest_recordings,
    rest_settings,
    rest_streams,
    rest_texts,
    rest_transcriptions,
    rest_user_messages,
)
from ivr.simulator.account.rest_app import MediaRoute, Route

ROUTES: tuple[Route, ...] = (
    *rest_calls.ROUTES,
    *rest_queues.ROUTES,
    *rest_conferences.ROUTES,
    *rest_numbers.ROUTES,
    *rest_add_ons.ROUTES,
    *rest_texts.ROUTES,
    *rest_media.ROUTES,
    *rest_recordings.ROUTES,
    *rest_transcriptions.ROUTES,
    *rest_logs.ROUTES,
    *rest_streams.ROUTES,
    *rest_user_messages.ROUTES,
)
SETTINGS = rest_settings.SETTINGS
MEDIA: tuple[MediaRoute, ...] = (*rest_recordings.MEDIA, *rest_media.MEDIA, *rest_add_ons.MEDIA)
