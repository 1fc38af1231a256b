# One WSGI program with three applications: Flask, Flask with the Werkzeug
# debugger, and Django with DEBUG on. gunicorn and uwsgi both run it.
import os
import traceback

from flask import Flask, Response, request
from werkzeug.debug import DebuggedApplication
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path


def simpan_izin(nik):
    raise ValueError("KANARI-BOCOR izin %s tidak sah" % nik)


def build_flask(name, debug=False):
    app = Flask(name)
    app.config["PROPAGATE_EXCEPTIONS"] = debug

    @app.route("/ok")
    def ok():
        return "<p>HALAMAN-FLASK</p>"

    @app.route("/gagal", methods=["GET", "POST"])
    def gagal():
        simpan_izin(request.values.get("nik", "0"))

    @app.route("/jejak")
    def jejak():
        try:
            simpan_izin("1")
        except ValueError:
            return "<pre>" + traceback.format_exc() + "</pre>"

    @app.route("/json")
    def as_json():
        try:
            simpan_izin("1")
        except ValueError:
            return {"ok": False, "detail": traceback.format_exc()}

    @app.route("/alirkan")
    def alirkan():
        def isi():
            yield "<p>AWAL-HALAMAN</p>\n"
            simpan_izin("2")
        return Response(isi(), mimetype="text/html")

    return app


flask_app = build_flask("layanan")
debug_app = DebuggedApplication(build_flask("debug", debug=True), evalex=False)


def django_gagal(request):
    sandi_db = "S3CR3T-KANARI"  # a local variable, shown by the debug page
    simpan_izin(request.GET.get("nik", "0"))


def django_ok(request):
    from django.http import HttpResponse
    return HttpResponse("<p>HALAMAN-DJANGO</p>")


urlpatterns = [
    path("ok", django_ok),
    path("gagal", django_gagal),
    path("rahasia-KANARI-BOCOR/<int:nomor>", django_ok),
]

settings.configure(
    DEBUG=True, SECRET_KEY="S3CR3T-KANARI", ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None,
)
django.setup()

application = DispatcherMiddleware(flask_app, {
    "/flask": flask_app,
    "/debug": debug_app,
    "/django": get_wsgi_application(),
})
