"""Writing to a university's contact without seeing the address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions.enquiries import write_enquiry
from members.forms.enquiry import EnquiryForm
from members.limits import limited
from members.models import Contact, University


@login_not_required
@limited("enquiries", "10/h")
def university_contact(request: HttpRequest, slug: str) -> HttpResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    reachable = Contact.objects.filter(university=university).exclude(email="").visible_to(request.user)
    contacts = reachable.in_force(timezone.localdate()).order_by(F("unit").asc(nulls_first=True), "purpose", "name")
    wanted = request.GET.get("to", "").replace("\x00", "")  # PostgreSQL has no such letter and would refuse the query
    chosen = contacts.filter(name=wanted).first() or contacts.first()
    form = EnquiryForm(request.POST or None, contacts=contacts, user=request.user, initial={"contact": chosen})
    context = {"university": university, "form": form, "reachable": chosen is not None}
    if request.method != "POST" or not form.is_valid():
        return render(request, "members/university_contact.html", context, status=422 if form.is_bound else 200)
    if not form.is_from_a_machine:
        write_enquiry(enquiry=form.instance, by=request.user if request.user.is_authenticated else None)
    messages.success(request, _("Your message is on its way. The answer comes by e-mail."))
    return redirect(university)
