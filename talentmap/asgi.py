import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentmap.settings")

from talentmap.demo import clock

clock.start()  # before anything takes `timezone.now` for itself

application = get_asgi_application()

from talentmap.accounts.checks import refuse_demo_secrets  # noqa: E402 - needs the settings that came before

refuse_demo_secrets()
