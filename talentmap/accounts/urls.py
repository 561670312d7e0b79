from django.urls import path

from talentmap.accounts import views, views_account, views_factor, views_members

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("register/", views.register, name="register"),
    path("privacy/", views.privacy, name="privacy"),
    # My account
    path("account/", views_account.account, name="account"),
    path("account/edit/", views_account.edit, name="account_edit"),
    path("account/password/", views_account.password_change, name="password_change"),
    path("account/second-factor/set-up/", views_factor.set_up, name="second_factor_setup"),
    path("account/second-factor/verify/", views_factor.verify, name="second_factor_verify"),
    path("account/second-factor/codes/", views_factor.renew_codes, name="backup_codes"),
    path("account/second-factor/off/", views_factor.turn_off, name="second_factor_off"),
    # Members of one's reach
    path("members/", views_members.members, name="members"),
    path("members/new/", views_members.member_new, name="member_new"),
    path("members/for-talent/<int:talent_pk>/", views_members.open_for_talent, name="member_for_talent"),
    path("members/<int:user_pk>/", views_members.member, name="member"),
    path("members/<int:user_pk>/edit/", views_members.member_edit, name="member_edit"),
    path("members/<int:user_pk>/roles/", views_members.role_give, name="role_give"),
    path("members/<int:user_pk>/roles/<int:membership_pk>/end/", views_members.role_end, name="role_end"),
    path("members/<int:user_pk>/password/", views_members.password_reset, name="member_password"),
    path("members/<int:user_pk>/second-factor/", views_members.factor_reset, name="member_factor"),
    path("members/<int:user_pk>/mobile/", views_members.mobile_free, name="member_mobile"),
    path("members/<int:user_pk>/let-in/", views_members.let_in, name="member_let_in"),
]
